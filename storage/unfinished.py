"""The unfinished fields of a form, kept in the form's draft until they are added or sent.

A draft's `unfinished` is `{"values": …, "number": …, "at": …}`: the fields by name, the number of
the anomaly that they edit or None, and the action_ts of the newest change.
"""

import json

from storage import drafts
from storage.drafts import Draft
from storage.engine import Database
from storage.transitions import fetch_one

COMPARED = ("title", "description")
"""The texts by which fields are known to have been added."""


def keep(db: Database, draft: Draft, *, fields_version: int, at: float) -> None:
    """Replace the unfinished fields in a form's draft, and make the draft if there is none.

    Nothing changes when the form was sent, when newer fields are kept, or when the fields were
    added to the draft meanwhile.

    :param draft: without anomalies; its `unfinished` is None when the fields are blank
    :param fields_version: of the fields
    :param at: the action_ts of the change
    """
    if drafts.was_sent(db, draft.key):
        return
    row = fetch_one(db, "select unfinished from drafts where key = ?", [draft.key])
    before = json.loads(row["unfinished"]) if row and row["unfinished"] else None
    if before and before["at"] > at:
        return
    if draft.unfinished is None:
        db.execute("update drafts set unfinished = null where key = ?", [draft.key])
        drafts.delete_if_empty(db, draft.key)
    elif not _was_added(db, draft, fields_version):
        drafts.save(db, draft)


def _was_added(db: Database, draft: Draft, fields_version: int) -> bool:
    values = (draft.unfinished or {}).get("values", {})
    texts = [str(values.get(name) or "").strip() for name in COMPARED]
    added = db.execute(
        "select body from draft_anomalies where key = ? and fields_version = ?",
        [draft.key, fields_version],
    ).fetchall()
    return any([json.loads(body)[name] for name in COMPARED] == texts for (body,) in added)
