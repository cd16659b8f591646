"""The bot's answers on a person's screen: a command's reply, a submission's outcome."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from sandbox.slack.blockkit import check_blocks
from sandbox.slack.errors import SlackError
from sandbox.slack.form import completed
from sandbox.slack.link import Ack
from sandbox.slack.views import OpenView

if TYPE_CHECKING:
    from sandbox.slack.stand_in import Slack

Json = dict[str, Any]
CONNECTION_NOTICE = "We had some trouble connecting. Try again?"


@dataclass(frozen=True)
class Reply:
    """The answer to a command, or `failure`: Slack's notice that there was none."""

    text: str = ""
    blocks: tuple[Json, ...] = ()
    response_type: Literal["ephemeral", "in_channel"] = "ephemeral"
    failure: str | None = None


@dataclass(frozen=True)
class Outcome:
    """The result of a submission.

    closed, cleared, updated, pushed   what the bot's answer did to the modals
    errors    the bot answered `errors`, which show below the fields
    blocked   Slack's client found the `errors` itself and sent nothing
    failed    the modal stays, with Slack's notice on it; `reason` explains it in a failed test
    """

    kind: Literal["closed", "cleared", "updated", "pushed", "errors", "blocked", "failed"]
    errors: dict[str, str] = field(default_factory=dict)
    reason: str | None = None


def read_reply(ack: Ack, command: str) -> Reply:
    if not ack.ok:
        error = "operation_timeout" if ack.failure == "timeout" else "dispatch_failed"
        return Reply(failure=f'{command} failed with the error "{error}"')
    if ack.body is None or ack.body == {}:
        return Reply()
    if isinstance(ack.body, str):
        return Reply(text=ack.body)
    try:
        return _reply(ack.body)
    except SlackError:
        return Reply(failure=f'{command} failed with the error "dispatch_failed"')


def _reply(body: Any) -> Reply:
    if not isinstance(body, dict):
        raise SlackError("invalid_response")
    blocks = body.get("blocks") or []
    check_blocks(blocks)
    return Reply(
        text=body.get("text") or "",
        blocks=tuple(completed(blocks)),
        response_type=body.get("response_type") or "ephemeral",
    )


def apply_submission_answer(slack: "Slack", view: OpenView, ack: Ack) -> Outcome:
    """Apply the answer to a view_submission. A wrong answer leaves the modal as it is."""
    if not ack.ok:
        return Outcome("failed", reason=ack.failure)
    try:
        return _apply(slack, view, ack.body)
    except SlackError as error:
        return Outcome("failed", reason=str(error))


def _apply(slack: "Slack", view: OpenView, body: Any) -> Outcome:
    if body in (None, "", {}):
        slack.views.close(view)
        return Outcome("closed")
    if not isinstance(body, dict):
        raise SlackError("invalid_response")
    match body.get("response_action"):
        case "errors":
            view.errors = _checked_errors(view, body.get("errors"))
            slack.views.screens[view.user].touch()
            return Outcome("errors", errors=dict(view.errors))
        case "update":
            slack.views.update(view, body.get("view") or {})
            return Outcome("updated")
        case "push":
            slack.views.push(view.user, body.get("view") or {})
            return Outcome("pushed")
        case "clear":
            slack.views.clear(view.user)
            return Outcome("cleared")
        case unknown:
            raise SlackError(f"unknown response_action {unknown!r}")


def _checked_errors(view: OpenView, errors: Any) -> dict[str, str]:
    """The errors, each of which must name a visible input block and hold a sentence."""
    inputs = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackError("errors must not be empty")
    for block_id, sentence in errors.items():
        if block_id not in inputs:
            raise SlackError(f"{block_id} is not an input block of the view")
        if not isinstance(sentence, str) or not sentence:
            raise SlackError(f"the error of {block_id} is not a text")
    return dict(errors)
