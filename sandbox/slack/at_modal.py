"""What one person does in the modal on top of their screen: type, choose, search, submit."""

import copy
from typing import TYPE_CHECKING, Any

from sandbox.slack import hand, payloads
from sandbox.slack.blockkit import check_suggestions
from sandbox.slack.complaints import complaints
from sandbox.slack.errors import NotOnScreen, SlackError
from sandbox.slack.form import Field, Key
from sandbox.slack.link import Ack, BotLink
from sandbox.slack.outcome import TROUBLE, Outcome, take_submission_answer
from sandbox.slack.sight import Sight
from sandbox.slack.views import OpenView

if TYPE_CHECKING:
    from sandbox.slack.stand_in import Slack

Json = dict[str, Any]
SHORTEST_QUERY = 3  # characters, unless the element says otherwise


class AtModal(Sight):
    """Fields are named by action_id; block_id is only needed where several share one."""

    def __init__(
        self, slack: "Slack", user_id: str, bot: BotLink, *, patience: float = 3.0
    ) -> None:
        super().__init__(slack, user_id)
        self._bot = bot
        self._patience = patience
        self.opened_links: list[str] = []
        self._suggested: dict[Key, list[Json]] = {}
        self._last_submission: tuple[OpenView, Json] | None = None

    async def type(
        self, action_id: str, text: str, *, enter: bool = False, block_id: str | None = None
    ) -> Ack | None:
        """Replaces the text of a field. With dispatch_action, the bot hears of it (on Enter)."""
        field = self._field(action_id, block_id)
        self._hold(field, hand.typed(field, text))
        config = field.element.get("dispatch_action_config") or {}
        heard = config.get("trigger_actions_on") or ["on_enter_pressed"]
        if "on_character_entered" in heard or (enter and "on_enter_pressed" in heard):
            return await self._tell(field)
        return None

    async def choose(
        self, action_id: str, wanted: str | list[str] | None, *, block_id: str | None = None
    ) -> Ack | None:
        """An option by its value, a list of them for a field that takes several."""
        field = self._field(action_id, block_id)
        if field.type.endswith("external_select"):
            raise NotOnScreen(f"{action_id} lists nothing before a search: use search and pick")
        return await self._choose(field, wanted, hand.offered(field))

    async def pick(
        self, action_id: str, wanted: str | list[str] | None, *, block_id: str | None = None
    ) -> Ack | None:
        """An option among those last shown by `search`."""
        field = self._field(action_id, block_id)
        if field.key not in self._suggested and wanted is not None:
            raise NotOnScreen(f"{action_id} shows no options: search first")
        return await self._choose(field, wanted, self._suggested.get(field.key, []))

    async def enter(self, action_id: str, text: str) -> Ack | None:
        """Types it where it can be typed; where it is searched for, picks what has this value."""
        if not self._field(action_id).type.endswith("external_select"):
            return await self.type(action_id, text)
        await self.search(action_id, text)
        return await self.pick(action_id, text)

    async def pick_date(
        self, action_id: str, when: int | str | None, *, block_id: str | None = None
    ) -> Ack | None:
        """UNIX seconds for a datetimepicker, YYYY-MM-DD for a datepicker, HH:MM for a time."""
        field = self._field(action_id, block_id)
        self._hold(field, hand.dated(field, when))
        return await self._tell(field)

    async def search(
        self, action_id: str, query: str, *, block_id: str | None = None
    ) -> dict[str, str]:
        """Types in an external select: the labels shown, by value. Nothing if the bot fails."""
        field = self._field(action_id, block_id)
        if not field.type.endswith("external_select"):
            raise NotOnScreen(f"{action_id} is a {field.type}: it has no search")
        shortest = field.element.get("min_query_length", SHORTEST_QUERY)
        if len(query) < shortest:
            raise NotOnScreen(f"{action_id} searches from {shortest} characters on")
        payload = payloads.block_suggestion(self._slack, self.user, self._top(), field.key, query)
        ack = await self._send(payload)
        options: list[Json] = []
        if ack.ok:
            try:
                options = check_suggestions(ack.body)
            except SlackError as error:
                self.notices.append(f"No options could be loaded: {error}")
        self._suggested[field.key] = options
        return {one["value"]: one["text"]["text"] for one in options}

    async def click(
        self, action_id: str, block_id: str | None = None, value: str | None = None
    ) -> Ack:
        """A button of the modal; `value` tells apart buttons that share an action_id."""
        field = self._field(action_id, block_id, value=value)
        if field.type != "button":
            raise NotOnScreen(f"{action_id} is a {field.type}, not a button")
        self._follow_link(field)
        return await self._act(button_action(field))

    async def submit(self, *, raw: bool = False) -> Outcome:
        """The submit button. Slack's client first checks the fields, unless `raw`."""
        view = self._top()
        if not view.body.get("submit") or view.being_submitted:
            raise NotOnScreen("the modal has no submit button to press")
        self._seen = self._screen.version
        wrong = complaints(view.form.fields, view.form.values)
        if wrong and not raw:
            view.errors = wrong
            self._screen.touch()
            return Outcome("blocked", errors=wrong)
        view.errors = {}
        payload = payloads.view_submission(self._slack, self.user, view)
        self._last_submission = (view, payload)
        return await self._submit(view, payload)

    async def submit_again(self) -> Outcome:
        """Sends the last submission once more, as after "Try again?": the same view id."""
        if self._last_submission is None:
            raise NotOnScreen("nothing was submitted yet")
        view, payload = self._last_submission
        again = copy.deepcopy(payload)
        again["trigger_id"] = self._slack.tickets.new_trigger(self.user.id)
        return await self._submit(view, again)

    async def close(self) -> None:
        """The close button: the bot hears of it with notify_on_close."""
        view = self._top()
        self._seen = self._screen.version
        clears = bool(view.body.get("clear_on_close"))
        if clears:
            self._slack.views.clear(self.user.id)
        else:
            self._slack.views.close(view)
        if view.body.get("notify_on_close"):
            payload = payloads.view_closed(self._slack, self.user, view, is_cleared=clears)
            await self._bot.deliver("interactive", payload, self._patience)

    async def _send(self, payload: Json) -> Ack:
        self._seen = self._screen.version
        ack = await self._bot.deliver("interactive", payload, self._patience)
        if not ack.ok:
            self.notices.append(TROUBLE)
        return ack

    async def _act(self, action: Json) -> Ack:
        return await self._send(payloads.view_action(self._slack, self.user, self._top(), action))

    async def _choose(
        self, field: Field, wanted: str | list[str] | None, options: list[Json]
    ) -> Ack | None:
        value = hand.chosen(field, wanted, options, self._slack.workspace)
        if field.type == "overflow":
            return await self._act(_action(field, {"selected_option": value}))
        if field.type == "radio_buttons" and value == self._top().form.value(field):
            return None  # pressing the marked button again changes nothing, and Slack is silent
        self._hold(field, value)
        return await self._tell(field)

    def _hold(self, field: Field, value: Any) -> None:
        self._top().form.values[field.key] = field.holding(value)

    async def _tell(self, field: Field) -> Ack | None:
        if not field.dispatches:
            return None
        held = self._top().form.value(field)
        return await self._act(_action(field, {field.state_key: held}))

    async def _submit(self, view: OpenView, payload: Json) -> Outcome:
        """While the answer is awaited the bot cannot update the view."""
        view.being_submitted = True
        try:
            ack = await self._send(payload)
        finally:
            view.being_submitted = False
        if view not in self._screen.stack:
            return Outcome("closed" if ack.ok else "trouble", why=ack.trouble)
        outcome = take_submission_answer(self._slack, view, ack)
        if outcome.kind == "trouble" and ack.ok:
            self.notices.append(TROUBLE)
        return outcome

    def _follow_link(self, field: Field) -> None:
        if field.element.get("url"):
            self.opened_links.append(field.element["url"])


def _action(field: Field, chosen: Json) -> Json:
    return {
        "type": field.type,
        "action_id": field.key[1],
        "block_id": field.key[0],
        **chosen,
    }


def button_action(field: Field) -> Json:
    shown = ("text", "value", "style", "url")
    return _action(field, {name: one for name, one in field.element.items() if name in shown})
