"""The view of `/anomaly`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from blocks.anomaly import drafts
from blocks.anomaly.context import AnomalyContext
from blocks.anomaly.inputs import SEARCHED, Inputs
from blocks.anomaly.risk import WithRisks, due_date
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
        errors = _errors_of_draft(words, context) | dict(field_errors or {})
        if context.is_gone:
            context = replace(context, anomaly_number=None)
        due = due_date(self.risk_of(answers), metadata, answers, now)
        inputs = Inputs(
            words,
            metadata,
            answers,
            context,
            risk=self.risk_of(answers),
            label_of=lambda level: self.label_of(words, level),
        )
        metadata = metadata.with_state(
            suggested_due=due.suggested,
            site=answers.text("siteId"),
            searched=tuple(name for name in SEARCHED if name in context.searchable),
            has_draft=bool(context.draft),
            anomaly_number=context.anomaly_number,
            finding=None,
        )
        blocks = [
            *drafts.on_top(words, context),
            *inputs.blocks(due),
            *drafts.below(words, context, inputs.label_of, now=now),
        ]
        return modal(
            self.callback_id,
            words,
            metadata,
            blocks,
            heading=words("anomaly.heading"),
            field_errors=errors,
        )


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
