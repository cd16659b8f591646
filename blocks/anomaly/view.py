"""The view of `/anomaly`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from blocks.anomaly import drafts
from blocks.anomaly.context import AnomalyContext
from blocks.anomaly.inputs import HEAD, OWN_FIELDS, SEARCHED, Inputs
from blocks.anomaly.risk import DueDate, WithRisks, due_date, set_aside
from blocks.anomaly.state import AnomalyMetadata
from blocks.answers import Answers
from blocks.modal import modal
from blocks.words import Words


class AnomalyView(WithRisks):
    """Draws the form."""

    callback_id = "anomaly"

    def draw(
        self,
        words: Words,
        metadata: AnomalyMetadata,
        answers: Answers,
        *,
        now: float,
        context: AnomalyContext | None = None,
        field_errors: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """The whole view, of 100 blocks at most however many anomalies the draft holds.

        :param now: UNIX seconds
        :param field_errors: shown behind their fields, or on top when the form has no such field
        """
        context = _on_screen(context or AnomalyContext(), metadata, answers)
        refused = _in_order(_errors_of_draft(words, context) | dict(field_errors or {}))
        if context.is_gone:
            context = replace(context, anomaly_number=None)
        inputs = Inputs(
            words,
            metadata,
            answers,
            context,
            risk=self.risk_of(answers),
            label_of=lambda level: self.label_of(words, level),
        )
        errors = _in_order(inputs.wrong_so_far(now) | refused)
        inputs = replace(inputs, hides_head=_hides_head(inputs, errors))
        # The list says which anomalies an error is about.
        shows_list = not metadata.state.list_hidden or "draft.due" in errors
        due = due_date(self.risk_of(answers), metadata, answers, now)
        blocks = [*drafts.on_top(words, context), *inputs.blocks(due)]
        below = drafts.below(
            words, context, inputs.label_of, now=now, errors=refused, shows_list=shows_list
        )
        return modal(
            self.callback_id,
            words,
            _remembering(inputs, due, shows_list=shows_list).setting_aside(
                set_aside(metadata, answers, blocks)
            ),
            blocks,
            heading=words("anomaly.heading"),
            field_errors=errors,
            close=_close(metadata, context),
            photos_of=answers if context.takes_photos else None,
            below=below,
        )


def _in_order(errors: Mapping[str, str]) -> dict[str, str]:
    """Those of no field first, as on screen."""
    names = (*HEAD, *OWN_FIELDS)
    place = {name: number for number, name in enumerate(names)}
    return dict(sorted(errors.items(), key=lambda item: place.get(item[0], -1)))


def _hides_head(inputs: Inputs, errors: Mapping[str, str]) -> bool:
    """Report and site of a draft are a line of text, unless there is something to change."""
    is_known = all(inputs.choice(name) for name in HEAD)
    asked_for = inputs.metadata.state.head_open or bool(errors.keys() & set(HEAD))
    return bool(inputs.context.draft) and is_known and not asked_for


def _remembering(inputs: Inputs, due: DueDate, *, shows_list: bool) -> AnomalyMetadata:
    context, answers = inputs.context, inputs.answers
    return inputs.metadata.with_state(
        suggested_due=due.suggested,
        report=answers.text("reportId"),
        site=answers.text("siteId"),
        head_hidden=inputs.hides_head,
        list_hidden=not shows_list,
        searched=tuple(name for name in SEARCHED if name in context.searchable),
        has_draft=bool(context.draft),
        anomaly_number=context.anomaly_number,
        finding=None,
    )


def _close(metadata: AnomalyMetadata, context: AnomalyContext) -> str:
    """What closing does: an edit of a stored report is given up, anything else is kept."""
    if metadata.edits:
        return "form.close"
    return "draft.later" if context.draft else "draft.close"


def _errors_of_draft(words: Words, context: AnomalyContext) -> dict[str, str]:
    if context.lost:
        return {"draft": words("draft.lost")}
    return {"draft": words("draft.gone")} if context.is_gone else {}


def _on_screen(
    context: AnomalyContext, metadata: AnomalyMetadata, answers: Answers
) -> AnomalyContext:
    """The context of a form that is on screen already: its lists stay lists, and its number fields
    stay number fields. Slack would drop what was typed in a field of another type.
    """
    if not answers.blocks:
        return context
    return replace(context, searchable=frozenset(metadata.state.searched))
