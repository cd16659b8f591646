"""The handler of each verb, that is, of each kind of a person's action in the page."""

from sandbox.page.action import Action, Handlers, text_of
from sandbox.page.browser_tab import location_of, query_of
from sandbox.page.conversation_handlers import CONVERSATION_HANDLERS
from sandbox.page.modal_handlers import MODAL_HANDLERS


async def handle(action: Action) -> None:
    """:raises NotOnScreenError: for an action that Slack's client would not allow"""
    await HANDLERS[action.posted["verb"]](action)


async def _press_on_home(action: Action) -> None:
    posted = action.posted
    await action.person.press_on_home(posted["action"], posted.get("value"), posted["block"])


async def _choose_on_home(action: Action) -> None:
    posted = action.posted
    await action.person.choose_on_home(posted["action"], posted["value"], posted["block"])


async def _enter_on_home(action: Action) -> None:
    text = text_of(action.posted.get("text", ""))
    await action.person.enter_on_home(action.posted["action"], text)


async def _switch_fault(action: Action) -> None:
    await action.state.switches.switch(action.posted["party"], action.posted["kind"])


async def _go(action: Action) -> None:
    workspace, before = action.state.sandbox.slack.workspace, action.tab.location
    action.tab.go(location_of(query_of(action.posted["to"]), workspace))
    if action.tab.location.home and not before.home:
        await action.person.open_home()


async def _dismiss_notification(action: Action) -> None:
    action.state.unread.dismiss(action.user, action.posted["ts"])


async def _dismiss(_action: Action) -> None:
    """Nothing: the server removes the notices after every verb that is not in KEEPS_NOTICES."""


HANDLERS: Handlers = {
    **MODAL_HANDLERS,
    **CONVERSATION_HANDLERS,
    "home_press": _press_on_home,
    "home_choose": _choose_on_home,
    "home_enter": _enter_on_home,
    "fault": _switch_fault,
    "go": _go,
    "dismiss": _dismiss,
    "dismiss_notification": _dismiss_notification,
}
KEEPS_NOTICES = frozenset({"type", "draft", "search", "complete"})
"""Verbs after which Slack's notices stay on the screen."""
