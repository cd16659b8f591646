"""The edit of a stored report, from a form that may show an older revision of it."""

from collections.abc import Callable
from functools import partial

from blocks.form_state import Edited
from bot.listeners.earlier import NotTakenError
from bot.services import Services
from storage import reports, revisions
from storage.states import Action, State, states_allowing


async def store_edit(
    services: Services, edits: Edited, edit: Callable[..., bool], *, key: str
) -> tuple[str, State] | None:
    """Store an edit, unless the report has changed since the form was opened.

    :param edit: `reports.edit` with all its parameters except `db` and `of`
    :param key: of the form: sent twice, it is one edit
    :returns: None when the edit is stored; the key of the sentence why this form cannot be sent any
        more, and the state of the report now
    :raises NotTakenError: when the form must warn first; the next *Send* of it counts
    :raises DraftChangedError: when the draft has changed since the form was read
    """
    # A report that may have arrived is replaced only by a form that warned of it.
    unwarned = frozenset() if edits.doubtful else frozenset({State.UNKNOWN})
    if await services.store.write_urgent(
        revisions.unless_outdated,
        edits.number,
        partial(edit, of=states_allowing(Action.EDIT) - unwarned),
        seen=edits.revision,
        press=key,
    ):
        return None
    # The revision is read first: the report that the form warns of is never older.
    revision = await services.store.read(revisions.revision_of, edits.number)
    report = await services.store.read(reports.get, edits.number)
    if report is None:
        raise LookupError(f"report {edits.number} is gone")
    if report.state not in states_allowing(Action.EDIT):
        return "form.gone", report.state
    seen = edits.revision
    if seen is not None and await services.store.read(
        revisions.is_edited_since, edits.number, seen
    ):
        return "form.edited", report.state
    doubtful, changed = report.state == State.UNKNOWN, seen is not None
    raise NotTakenError(
        edits=Edited(number=edits.number, doubtful=doubtful, revision=revision, changed=changed)
    )
