"""`constat week`: the counts of one week."""

import json
from pathlib import Path

from storage import cache, catalogue
from storage.catalogue import Site
from tests.commands.conftest import Run
from tests.commands.files import (
    ALICE,
    ANOMALY,
    BOB,
    ISSUE,
    T0,
    add,
    file_report,
    name,
    refuse,
    writing,
)

DAY = 86_400.0
WEEK = ("week", "--of", "2026-11-24")


def test_a_week_has_its_counts_and_times(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        name(db, BOB, "Bob Martin")
        catalogue.replace_sites(db, "kare", [Site(20001, "Hangar", city="Lyon")], now=T0)
        file_report(db, after=2)
        file_report(db, after=300)
        file_report(db, after=4, payload=ANOMALY, who=ALICE)
        refuse(db)
        add(db, at=T0 + 1)
    assert (
        run(*WEEK).out
        == """\
Week from 2026-11-23 to 2026-11-29
Reports: 5
Until filed: median 4.0 s, worst 5 min 00 s
Oldest unsent: no. 5 of 2026-11-24 11:00 by Bob Martin: \
Wrong price, Wrong photos · Le prix est faux (waiting)

kind          reports
report_issue        4
anomaly             1

state    reports
filed          3
refused        1
waiting        1

place             reports
(no place known)        4
Hangar, Lyon            1

person      reports
Bob Martin        4
U0ALICE           1
"""
    )


def test_a_week_begins_on_monday_and_ends_on_sunday_for_the_reader(
    tmp_path: Path, run: Run
) -> None:
    monday = T0 - 35 * 3600  # 23:00 on Sunday in UTC
    with writing(tmp_path) as db:
        for at in (monday - 1, monday, monday + 7 * DAY - 1, monday + 7 * DAY):
            add(db, at=at)
    found = json.loads(run(*WEEK, "--json").out)
    assert (found["from"], found["to"], found["reports"]) == (
        "2026-11-22T23:00:00.000+00:00",
        "2026-11-29T23:00:00.000+00:00",
        2,
    )


def test_the_place_of_an_issue_is_the_city_of_its_listing(tmp_path: Path, run: Run) -> None:
    listing = {"property_id": ISSUE["propertyIds"][0], "classified_id": "c", "city": "Nantes"}
    with writing(tmp_path) as db:
        cache.keep(db, "link:seloger.com/1", listing, until=T0 - DAY, now=T0 - 2 * DAY)
        cache.keep(db, "link:seloger.com/2", {"why": "not_found"}, until=T0, now=T0)
        add(db)
    assert json.loads(run(*WEEK, "--json").out)["place"] == {"Nantes": 1}


def test_an_imported_name_of_a_site_goes_before_kares(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        catalogue.replace_sites(db, "csv", [Site(20001, "Our name")], now=T0)
        catalogue.replace_sites(db, "kare", [Site(20001, "Theirs")], now=T0)
        add(db, payload=ANOMALY)
    assert json.loads(run(*WEEK, "--json").out)["place"] == {"Our name": 1}


def test_many_people_are_summed_up(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path) as db:
        for n in range(20):
            add(db, who=f"U{n}")
    assert run(*WEEK).lines[-1].split("  ")[0] == "(5 others)"


def test_an_empty_week_says_so(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path):
        pass
    assert run(*WEEK).lines == [
        "Week from 2026-11-23 to 2026-11-29",
        "Reports: 0",
        "Oldest unsent: none",
    ]


def test_without_a_day_it_is_the_last_week_that_is_over(tmp_path: Path, run: Run) -> None:
    with writing(tmp_path):
        pass
    ended, current = (json.loads(run("week", *of, "--json").out) for of in ([], ["--of", "today"]))
    assert ended["to"] == current["from"]
