"""A person's reports are found by indexes, and nobody else's are among them."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
import sqlite_utils

from blocks.compared import searched
from storage import person_queries, reports
from storage.address import DatabaseAddress
from storage.engine import Database, transaction
from storage.opening import open_database
from storage.person_queries import Filter, Limits, Page
from storage.person_search import FIRST, NOT_BEGUN, PIECE
from storage.reports import Change, NewReport
from storage.states import State
from storage.text_search import Form, TextSearch, searchable

T0 = 1_800_000_000.0
LAMP = TextSearch(["lamp"], str.casefold)
LIMITS = Limits(needs=10, others=8, reports=21)
FILTERS = [
    Filter(),
    Filter(state="filed"),
    Filter(state="need"),
    Filter(kind="anomaly"),
    Filter(state="refused", kind="anomaly"),
]


def add(db: Database, who: str, kind: str, state: str = "") -> int:
    new = NewReport(f"{who}{kind}{state}", kind, "api", who, {}, {"comment": "Lamp off"})
    number, _ = reports.add(db, new, now=T0)
    return number


@pytest.fixture
def db(address: DatabaseAddress) -> Iterator[Database]:
    """Each person has a report in every state, of either kind."""
    made = open_database(address)
    fill(made)
    yield made
    made.close()


def fill(made: Database) -> None:
    for who in ("U1", "U2", "U3"):
        for kind in ("report_issue", "anomaly"):
            for state in State:
                number = add(made, who, kind, state)
                reports.decide(made, number, set(State), Change(state), now=T0)


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_a_list_has_the_persons_own_reports_that_fit_newest_first(
    db: Database, wanted: Filter
) -> None:
    found = person_queries.reports_of(db, "U2", wanted, offset=0, limit=99).reports
    states: dict[str, set[str]] = {"need": {"held", "refused", "unknown"}, "": set(State)}
    expected = [
        row["number"]
        for row in db.execute("select * from reports where who = 'U2' order by number desc")
        if row["state"] in states.get(wanted.state, {wanted.state})
        and wanted.kind in {"", row["kind"]}
    ]
    assert [listed.report.number for listed in found] == expected


def test_a_page_begins_where_the_one_before_it_ended(db: Database) -> None:
    whole = person_queries.reports_of(db, "U1", Filter(), offset=0, limit=14).reports
    pages = [
        listed
        for offset in (0, 5, 10)
        for listed in person_queries.reports_of(db, "U1", Filter(), offset=offset, limit=5).reports
    ]
    assert pages == list(whole)


@pytest.mark.parametrize(
    "wanted", [*FILTERS, Filter(text=LAMP), Filter("need", text=LAMP)], ids=str
)
@pytest.mark.parametrize("listed_above", [0, 4, 10])
def test_a_report_that_is_listed_as_needing_the_person_is_on_no_page_and_every_other_on_one(
    db: Database, wanted: Filter, listed_above: int
) -> None:
    limits = Limits(needs=listed_above, others=8, reports=3)
    overviews = [
        person_queries.overview(db, "U1", wanted, offset=offset, limits=limits, sees_all=False)
        for offset in range(0, 18, 3)
    ]
    fitting = person_queries.reports_of(db, "U1", wanted, offset=0, limit=99).reports
    above = {listed.number for listed in overviews[0].needs.reports}
    on_pages = [listed.number for found in overviews for listed in found.page.reports]
    expected = [listed.number for listed in fitting if listed.number not in above]
    assert on_pages == expected
    assert {found.page.left_out for found in overviews} == {len(fitting) - len(expected)}


def fill_with_copies(file: sqlite_utils.Database, count: int) -> None:
    """Add copies of report 1, so that there are so many."""
    columns = [row["name"] for row in file.query("pragma table_info(reports)")]
    others = {"number": "n", "key": "'key' || n"}
    values = ", ".join(others.get(column, column) for column in columns)
    file.execute(
        "with recursive numbers(n) as (select 2 union all select n + 1 from numbers where n < ?)"  # noqa: S608 - ours
        f" insert into reports ({', '.join(columns)}) select {values} from numbers, reports",
        [count],
    )


@pytest.mark.parametrize("stored", ["lamp off", None])
def test_a_search_finds_the_oldest_of_many_reports(
    file: sqlite_utils.Database, stored: str | None
) -> None:
    count = FIRST + 4 * FIRST + PIECE + 1
    add(file, "U1", "anomaly")
    fill_with_copies(file, count)
    file.execute('update reports set payload = \'{"comment":"First"}\' where number = 1')
    file.execute(
        "insert into report_texts select number, ? from reports where number > 1 and ? is not null",
        [stored, stored],
    )
    first = Filter(text=TextSearch(["first"], str.casefold))
    found = person_queries.reports_of(file, "U1", first, offset=0, limit=9)
    assert [listed.number for listed in found.reports] == [1]
    assert not person_queries.search_on(file, "U1", first, NOT_BEGUN).is_done(1)
    lamp = person_queries.reports_of(file, "U1", Filter(text=LAMP), offset=FIRST, limit=2)
    assert [listed.number for listed in lamp.reports] == [count - FIRST, count - FIRST - 1]
    oldest = Filter(text=TextSearch(["1"], str.casefold))
    found = person_queries.reports_of(file, "U1", oldest, offset=0, limit=9)
    assert [listed.number for listed in found.reports] == [1]


@pytest.mark.parametrize("form", [searched, None])
def test_an_old_report_is_found_by_any_of_its_words(
    address: DatabaseAddress, form: Form | None
) -> None:
    text = "Été à l'Œuvre 😀 100 % a_b\nZoë\u0301"
    payload, labels = {"comment": text, "id": 4711}, {"site": "Paris"}
    new = NewReport("old", "anomaly", "api", "U1", {}, payload, labels=labels)
    if form is not None:
        new = replace(new, text=searchable(form, payload, labels))
    with closing(open_database(address)) as db, transaction(db):
        number, _ = reports.add(db, new, now=T0)
        for n in range(FIRST):
            reports.add(db, replace(new, key=str(n), payload={}, labels={}, text=None), now=T0)
        searches = [
            "ete",
            "OEUVRE",
            "😀",
            "100 %",
            "a_b",
            "zoe",
            "paris ete",
            "4711",
            "axb",
            "été lyon",
        ]
        found = {
            words: [report.number for report in _with(db, words).reports] for words in searches
        }
    assert found == {words: [number] for words in searches} | {"axb": [], "été lyon": []}


def _with(db: Database, words: str) -> Page:
    wanted = Filter(text=TextSearch(words.split(), searched))
    return person_queries.reports_of(db, "U1", wanted, offset=0, limit=9)


def test_what_needs_a_person_is_counted_beyond_what_is_listed(db: Database) -> None:
    needs = person_queries.needing(db, "U1", limit=4)
    assert len(needs.reports) == 4
    assert needs.total == 6
    assert {listed.report.who for listed in needs.reports} == {"U1"}


def test_only_those_who_see_all_get_the_reports_of_others(db: Database) -> None:
    own = person_queries.overview(db, "U1", Filter(), offset=0, limits=LIMITS, sees_all=False)
    assert own.everybody is None
    both = person_queries.overview(db, "U1", Filter(), offset=0, limits=LIMITS, sees_all=True)
    assert both.everybody is not None
    assert {listed.report.who for listed in both.everybody.reports} == {"U2", "U3"}
    assert {listed.report.state for listed in both.everybody.reports} == {
        State.HELD,
        State.REFUSED,
        State.UNKNOWN,
    }


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_no_table_is_read_whole_for_a_home(file: sqlite_utils.Database, wanted: Filter) -> None:
    fill(file)
    asked: list[str] = []
    file.conn.set_trace_callback(asked.append)
    person_queries.overview(file, "U1", wanted, offset=20, limits=LIMITS, sees_all=True)
    file.conn.set_trace_callback(None)
    plan = [row["detail"] for sql in asked for row in file.query(f"explain query plan {sql}")]
    short = ("reports_in_need", "json_each", "subquery")
    scans = [detail for detail in plan if detail.startswith("SCAN")]
    assert [scan for scan in scans if not any(part in scan for part in short)] == []
