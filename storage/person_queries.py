"""The reports of a person, for lists in Slack. All functions only read.

Call those that answer one question together in one transaction. Each is answered by an index, so
that its time does not depend on how many reports there are.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from storage.engine import Database
from storage.listed_reports import Listed, listed
from storage.person_search import NOT_BEGUN, Search, Selection, go_on, having
from storage.text_search import TextSearch

__all__ = ["Filter", "Limits", "Listed", "Needing", "Overview", "Page", "Search"]

NEED = "state in ('held', 'refused', 'unknown')"
"""The condition of reports that somebody has to decide about. SQLite compares it with the condition
of the index by its text."""
COUNTED = 1000
"""Reports that are counted at most."""


@dataclass(frozen=True)
class Needing:
    """Reports that need somebody, newest first."""

    reports: Sequence[Listed] = ()
    total: int = 0
    """How many there are, also those that are not listed; `COUNTED` at most."""


@dataclass(frozen=True)
class Page:
    """A page of a person's reports, newest first."""

    reports: Sequence[Listed] = ()
    left_out: int = 0
    """Reports that the filter lets through and that are on no page, because they are listed
    elsewhere."""


@dataclass(frozen=True)
class Overview:
    """The reports that a person may see."""

    needs: Needing
    everybody: Needing | None
    page: Page


@dataclass(frozen=True)
class Limits:
    """How many reports an overview has at most."""

    needs: int
    others: int
    reports: int


@dataclass(frozen=True)
class Filter:
    """Which reports of a person are meant. Empty means all."""

    state: str = ""
    """A state; `need` for those of `NEED`."""
    kind: str = ""
    text: TextSearch | None = None
    """Words in the report or in its names. A single word may be its number."""


def overview(
    db: Database,
    who: str,
    wanted: Filter,
    *,
    offset: int,
    limits: Limits,
    sees_all: bool,
    search: Search = NOT_BEGUN,
) -> Overview:
    """Everything that a person's Home shows of reports. A report that is listed because it needs
    the person is on no page.

    :param offset: reports of the filter that were on earlier pages
    :param sees_all: whether to add the reports of others that need somebody
    :param search: as of `reports_of`
    """
    needs = needing(db, who, limit=limits.needs)
    without = [report.number for report in needs.reports]
    return Overview(
        needs,
        needing_of_others(db, who, limit=limits.others) if sees_all else None,
        reports_of(
            db,
            who,
            wanted,
            offset=offset,
            limit=limits.reports,
            without=without,
            search=search,
        ),
    )


def needing(db: Database, who: str, *, limit: int) -> Needing:
    """A person's reports that need them."""
    where = f"who = :who and {NEED}"
    return _needing(db, where, "reports_of_person_by_state", who, limit)


def needing_of_others(db: Database, who: str, *, limit: int) -> Needing:
    """The reports of everybody else that need somebody."""
    return _needing(db, f"{NEED} and who <> :who", "reports_in_need", who, limit)


def _needing(db: Database, where: str, index: str, who: str, limit: int) -> Needing:
    table = f"reports indexed by {index}"
    # The numbers are sorted in the index alone: a person may have thousands of them.
    numbers = f"select number from {table} where {where} order by number desc limit :limit"  # noqa: S608 - ours
    reports = listed(db, numbers, {"who": who, "limit": limit})
    total = len(reports)
    if total == limit:
        total = db.execute(
            f"select count(*) from (select 1 from {table} where {where} limit :most) as subquery",  # noqa: S608
            {"who": who, "most": COUNTED},
        ).fetchone()[0]
    return Needing(reports, total)


def search_on(db: Database, who: str, wanted: Filter, search: Search) -> Search:
    """Search the next of a person's reports, so few that other reads wait a few milliseconds.

    :param wanted: with a text
    """
    assert wanted.text is not None  # noqa: S101 - the caller looked
    return go_on(db, _selection(who, wanted), wanted.text, search)


def reports_of(
    db: Database,
    who: str,
    wanted: Filter,
    *,
    offset: int,
    limit: int,
    without: Collection[int] = (),
    search: Search = NOT_BEGUN,
) -> Page:
    """A person's reports, newest first.

    :param offset: reports of the filter that were on earlier pages
    :param without: the numbers of reports that are on no page
    :param search: how far `search_on` has come; the rest is done here
    """
    selection = _selection(who, wanted)
    if wanted.text is not None:
        end = offset + limit
        while not search.is_done(end + len(without)):
            search = go_on(db, selection, wanted.text, search)
        on_pages = [number for number in search.numbers if number not in without]
        left_out = len(search.numbers) - len(on_pages)
        left_out += len(having(db, selection, wanted.text, without, before=search.before))
        values = {**selection.values, "page": json.dumps(on_pages[offset:end])}
        numbers = "(select cast(value as integer) from json_each(:page))"
        # A report may have changed since it was found.
        page = f"select number from reports where number in {numbers} and {selection.condition}"  # noqa: S608 - ours
        return Page(listed(db, page, values), left_out)
    values = {**selection.values, "limit": limit, "offset": offset}
    if not without:
        return Page(listed(db, selection.numbers(), values))
    values["without"] = json.dumps(list(without))
    among = "(select cast(value as integer) from json_each(:without))"
    left_out = db.execute(
        f"select count(*) from reports where number in {among} and {selection.condition}",  # noqa: S608 - ours
        values,
    ).fetchone()[0]
    return Page(listed(db, selection.numbers(f"and number not in {among}"), values), left_out)


def _selection(who: str, wanted: Filter) -> Selection:
    conditions, index = ["who = :who"], "reports_of_person"
    if wanted.kind:
        conditions.append("kind = :kind")
        index = "reports_of_person_by_kind"
    if wanted.state:
        conditions.append(NEED if wanted.state == "need" else "state = :state")
        index = "reports_of_person_by_state"
    values = {"who": who, "kind": wanted.kind, "state": wanted.state}
    return Selection(index, " and ".join(conditions), values)
