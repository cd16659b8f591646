"""Anomalies that were sent, in KARE's list of anomalies: whether all of them are there when no
answer came, and the ids of those that are there for certain.

A row is ours only if all its values are those that we sent, and KARE created it, by its own clock,
after we began to send. The list says at least id, title, risk, siteId and createdAt; some releases
say more.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from blocks.compared import compared
from bot.delivery.http_client import WHOLE
from bot.kare.paging import Asks, Row, pages
from bot.photo_route import Candidate, Targets
from storage.api_calls import Call

PAGES = 20
"""Pages that are looked at; the newest anomalies come first."""
SENDING = WHOLE + 15.0
"""Seconds after the beginning of sending in which KARE may still create what was sent. A row that
is younger is somebody else's."""
LATER = 5.0
"""Seconds after the end of sending in which KARE may still date an anomaly: its `Date` is in whole
seconds."""
EARLIER = 7200.0
"""Seconds before the beginning of sending from which a person may still choose a row. Clocks are
most often wrong by an hour; if ours was ahead, the right row is older than the sending by it."""
CANDIDATES = 15
"""Rows among which a person may choose."""
Anomaly = Mapping[str, Any]


async def all_created(
    kare: Asks,
    report_id: int,
    anomalies: Sequence[Anomaly],
    calls: list[Call],
    *,
    age: Callable[[], float],
) -> bool:
    """Whether each of these anomalies has a row of its own, and no other row could be one of them.

    :param age: gives the seconds since sending began
    :raises ListUnavailableError: when the list cannot be had
    """
    sent = [{**anomaly, "reportId": report_id} for anomaly in anomalies]
    fitting: dict[str, Row] = {}
    async for page in pages(kare, "/anomalies/v3/rs", calls, limit=PAGES):
        if page.answered_at is None:
            return False  # without KARE's clock another's row of last week may be taken for ours
        since = page.answered_at - age()
        for row in page.rows:
            in_time = since <= _created_at(row) <= since + SENDING
            if in_time and any(_fits(row, anomaly) for anomaly in sent):
                # A row that comes while the pages are read moves another one to the next page.
                fitting[_id(row) or str(len(fitting))] = row
        if len(fitting) >= len(sent) and all(_created_at(row) < since for row in page.rows):
            break
    return len(fitting) == len(sent) and _each_has_one(sent, list(fitting.values()))


def _each_has_one(sent: Sequence[Anomaly], rows: Sequence[Row]) -> bool:
    """Whether each anomaly that was sent fits a row of its own."""
    free = list(rows)
    for anomaly in sent:
        row = next((row for row in free if _fits(row, anomaly)), None)
        if row is None:
            return False
        free.remove(row)
    return True


def same_things(anomalies: Sequence[Anomaly]) -> frozenset[tuple[str, int]]:
    """Each anomaly's title and site. Two reports that share one of them may be found for each
    other.
    """
    return frozenset((compared(anomaly["title"]), anomaly["siteId"]) for anomaly in anomalies)


async def find_created(
    kare: Asks,
    report_id: int,
    anomalies: Sequence[Anomaly],
    calls: list[Call],
    *,
    began: Callable[[], float],
    ended: Callable[[], float],
) -> Targets:
    """KARE's ids of the anomalies that can be found for certain, and the rows that may be one.

    An anomaly is certain if exactly one row fits it, and this row fits no other one. Only rows that
    KARE created while the report was sent count. A row may be an anomaly if it is of the same site
    and not much older; those that fit come first.

    :param began: gives the seconds since sending began
    :param ended: gives the seconds since the report was filed
    :raises ListUnavailableError: when the list cannot be had
    """
    expected = [{**anomaly, "reportId": report_id} for anomaly in anomalies]
    fitting: dict[int, list[str]] = {place: [] for place in range(len(expected))}
    rows: list[Row] = []
    doubtful: set[int] = set()
    pages_read = 0
    async for page in pages(kare, "/anomalies/v3/rs", calls, limit=PAGES):
        pages_read += 1
        if page.answered_at is None:
            # Without KARE's clock another's row of last week may be taken for ours.
            return Targets({}, _candidates(page.rows, expected))
        since, until = page.answered_at - began(), page.answered_at - ended() + LATER
        rows += [row for row in page.rows if _created_at(row) >= since - EARLIER]
        for row in page.rows:
            if not since <= _created_at(row) <= until:
                continue
            places = [place for place, anomaly in enumerate(expected) if _fits(row, anomaly)]
            for place in places:
                fitting[place].append(_id(row))
            doubtful |= set(places) if len(places) > 1 else set()
        if all(_created_at(row) < since for row in page.rows):
            break
    else:
        if pages_read == PAGES:
            return Targets({}, _candidates(rows, expected))  # rows that were not read may fit too
    certain = {
        place: ids[0]
        for place, ids in fitting.items()
        if place not in doubtful and len(ids) == 1 and ids[0]
    }
    return Targets(certain, _candidates(rows, expected))


def _candidates(
    rows: Sequence[Row], expected: Sequence[Anomaly]
) -> Mapping[int, Sequence[Candidate]]:
    """The rows of each anomaly's site that have an id, by the anomaly's place."""
    candidates = {}
    for place, anomaly in enumerate(expected):
        site = anomaly["siteId"]
        of_site = [row for row in rows if _id(row) and _same_number(row.get("siteId"), site)]
        of_site.sort(key=lambda row: not _fits(row, anomaly))
        candidates[place] = [
            Candidate(_id(row), str(row.get("title") or ""), _created_at(row))
            for row in of_site[:CANDIDATES]
        ]
    return candidates


def _id(row: Row) -> str:
    """Empty when the row has no id that can be part of a path."""
    number = row.get("id")
    return str(number) if isinstance(number, int) and not isinstance(number, bool) else ""


def _fits(row: Row, anomaly: Anomaly) -> bool:
    """Whether all values of a row are those that were sent. Title and site must be there."""
    if row.get("title") is None or row.get("siteId") is None:
        return False
    return all(
        fits(row[name], anomaly.get(name))
        for name, fits in _COMPARED.items()
        if row.get(name) is not None
    )


def _same_text(listed: Any, sent: Any) -> bool:
    """KARE may trim a text, or spell its accents differently."""
    return isinstance(listed, str) and compared(listed) == compared(str(sent or ""))


def _same_number(listed: Any, sent: Any) -> bool:
    if isinstance(listed, bool) or not isinstance(listed, (int, str)):
        return False
    return str(listed).strip() == str(sent)


def _same_moment(listed: Any, sent: Any) -> bool:
    if sent is None or not isinstance(listed, str):
        return False
    moment = _moment(listed)
    return moment is not None and moment == _moment(str(sent))


def _same_place(listed: Any, sent: Any) -> bool:
    """A location is an object in one release, and in another a text that names its parts."""
    parts = {name: compared(str(part)) for name, part in (sent or {}).items() if part}
    if isinstance(listed, dict):
        listed_parts = {name: compared(str(part)) for name, part in listed.items() if part}
        return listed_parts == parts
    if not isinstance(listed, str):
        return False
    text = compared(listed)
    return all(part in text for part in parts.values()) if parts else not text


_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "reportId": _same_number,
    "siteId": _same_number,
    "technicalInstallationId": _same_number,
    "risk": _same_number,
    "title": _same_text,
    "description": _same_text,
    "dueAt": _same_moment,
    "location": _same_place,
}


def _created_at(row: Row) -> float:
    """UNIX seconds; long ago when the row does not say."""
    moment = _moment(str(row.get("createdAt")))
    return 0.0 if moment is None else moment


def _moment(text: str) -> float | None:
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
