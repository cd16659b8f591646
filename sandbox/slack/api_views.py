"""views.open, views.push and views.update: https://docs.slack.dev/reference/methods/views.open."""

from typing import TYPE_CHECKING, Any

from sandbox.slack import files
from sandbox.slack.blockkit import check_view, elements_of
from sandbox.slack.calls import text_of
from sandbox.slack.errors import SlackError
from sandbox.slack.method import Method, Methods, require_scope
from sandbox.slack.views import OpenView, view_json

if TYPE_CHECKING:
    from sandbox.slack.stand_in import Slack

Json = dict[str, Any]


def open_view(slack: "Slack", args: Json) -> Json:
    """Open a modal. A refused view does not use up the trigger id."""
    view = _view_argument(slack, args)
    user = slack.triggers.redeem(text_of(args, "trigger_id"))
    return _answer(slack, slack.views.open(user, view))


def push_view(slack: "Slack", args: Json) -> Json:
    view = _view_argument(slack, args)
    user = slack.triggers.redeem(text_of(args, "trigger_id"))
    return _answer(slack, slack.views.push(user, view))


def update_view(slack: "Slack", args: Json) -> Json:
    """Replace a view. With `hash`, the update is refused once the view has changed.

    Slack does not document an update of a view whose submission waits for its answer: the update or
    the modal gets lost. Here the update is refused, as if the view had been closed.
    """
    view = _view_argument(slack, args)
    if "view_id" not in args and "external_id" not in args:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view_id"])
    shown = slack.views.find(view_id=args.get("view_id"), external_id=args.get("external_id"))
    if shown.being_submitted:
        raise SlackError("not_found")
    if args.get("hash") and args["hash"] != shown.hash:
        raise SlackError("hash_conflict")
    return _answer(slack, slack.views.update(shown, view))


def _view_argument(slack: "Slack", args: Json) -> Json:
    """The view. Slack documents that a field for files needs `files:read`, and not with which error
    it is refused.
    """
    if "view" not in args:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view"])
    check_view(args["view"])
    view: Json = args["view"]
    elements = [element for block in view["blocks"] for element in elements_of(block)]
    if any(element["type"] == "file_input" for element in elements):
        require_scope(slack, files.SCOPE)
    return view


def _answer(slack: "Slack", view: OpenView) -> Json:
    return {"view": view_json(slack.workspace, view, {"values": {}})}


METHODS: Methods = {
    "views.open": Method(open_view),
    "views.push": Method(push_view),
    "views.update": Method(update_view),
}
