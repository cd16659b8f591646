"""The listeners that the form of `/anomaly` has beyond those of every form."""

from functools import partial

from blocks.anomaly.form import AnomalyForm
from bot.kare import continued, field_listeners, listeners, not_set_up
from bot.kare.assembly import Assembly
from bot.kare.draft_steps import unchanged
from bot.kare.listeners import Register
from bot.kare.unsent import Unsent

__all__ = ["NOT_SET_UP", "Unsent", "of_form"]

NOT_SET_UP: tuple[Register, ...] = (not_set_up.register,)


def of_form(form: AnomalyForm, parts: Assembly) -> tuple[Register, ...]:
    redraws = {
        "reportId": parts.form_data.report_chosen,
        "siteId": parts.form_data.site_chosen,
        "risk": unchanged,
    }
    return (
        listeners.of_draft(parts.draft_steps),
        field_listeners.of_fields(form, parts.drafts, redraws),
        partial(continued.register, parts),
    )
