"""A person's decisions about the photos of a filed report. The history of the report has the
person.
"""

from collections.abc import Mapping
from typing import Any

from storage import audit
from storage.canonical_json import to_json
from storage.engine import Database
from storage.photos import UNTAKEN
from storage.transitions import fetch_one, outdate_receipt

_FILED = "select * from reports where number = ? and state = 'filed'"
_OPEN = (
    "number = :number and thing = :thing and target is null and begun_at is null"
    " and state in ('waiting', 'sending')"
)
"""The photos of one thing whose target is not known yet."""


def choose(
    db: Database,
    number: int,
    choices: Mapping[int, str | None],
    *,
    who: str,
    press: str,
    now: float,
) -> bool:
    """Store the targets that a person has chosen. Their photos are due now.

    :param choices: the API's id by the place of the thing; None when its photos are not to be sent
    :param press: the same for a form that is sent twice
    :returns: False when nothing waits for a choice any more
    """
    changed = {}
    if fetch_one(db, _FILED, [number]) and not audit.has_press(db, number, press):
        changed = {
            thing: target
            for thing, target in choices.items()
            if _choose_one(db, number, thing, target, who, now)
        }
    facts = {"chosen": {str(thing): target for thing, target in changed.items()}}
    return _decided(db, number, len(changed), {"why": "photos_chosen", **facts}, who, press, now)


def _choose_one(
    db: Database, number: int, thing: int, target: str | None, who: str, now: float
) -> bool:
    values = {"number": number, "thing": thing, "target": target, "now": now}
    if target is None:
        cause = to_json({"why": "not_wanted", "by": who})
        refused = (
            "update photos set state = 'refused', cause = :cause, changed_at = :now, lease = null"
        )
        return bool(db.execute(f"{refused} where {_OPEN}", {**values, "cause": cause}).rowcount)
    # A photo that is being looked for stays claimed: `postpone` makes it due then.
    due = "update photos set target = :target, next_try = :now, cause = '{}'"
    return bool(db.execute(f"{due} where {_OPEN} and {UNTAKEN}", values).rowcount)


def settle_unclear(
    db: Database, number: int, *, again: bool, who: str, press: str, now: float
) -> bool:
    """Store a person's decision about the photos that may have arrived.

    :param again: whether they are sent again; otherwise they count as sent
    :param press: the same for a press that Slack sends twice
    :returns: False when no photo is unclear any more
    """
    cause = {"why": "photos_again" if again else "photos_there"}
    state, own = ("waiting", {}) if again else ("sent", {"why": "confirmed", "by": who})
    changed = 0
    if fetch_one(db, _FILED, [number]) and not audit.has_press(db, number, press):
        changed = db.execute(
            "update photos set state = ?, cause = ?, changed_at = ?, next_try = ?, failures = 0,"
            " owner = null, begun_at = null where number = ? and state = 'unclear'",
            [state, to_json(own), now, now, number],
        ).rowcount
    return _decided(db, number, changed, cause, who, press, now)


def _decided(
    db: Database,
    number: int,
    changed: int,
    cause: Mapping[str, Any],
    who: str,
    press: str,
    now: float,
) -> bool:
    """Write the history, and mark the receipt as outdated.

    :returns: whether this press has changed photos, now or before
    """
    if not changed:
        return audit.has_press(db, number, press)
    report = db.execute("select * from reports where number = ?", [number]).fetchone()
    audit.append(db, report, {**cause, "by": who, "press": press}, now, who=who)
    outdate_receipt(db, number, now)
    return True
