"""A person's actions in the modal on top of their screen: type, choose, search, submit."""

import copy
from typing import TYPE_CHECKING, Any

from sandbox.slack import input_rules, payloads
from sandbox.slack.blockkit import check_suggestions
from sandbox.slack.client import SlackClient
from sandbox.slack.client_validation import validation_errors
from sandbox.slack.errors import NotOnScreenError, SlackError
from sandbox.slack.files import file_json
from sandbox.slack.form import Field, Key
from sandbox.slack.link import Ack, BotLink
from sandbox.slack.outcome import CONNECTION_NOTICE, Outcome, apply_submission_answer
from sandbox.slack.views import OpenView

if TYPE_CHECKING:
    from sandbox.slack.stand_in import Slack

Json = dict[str, Any]
SHORTEST_QUERY = 3  # characters, unless the element says otherwise


class ModalDriver(SlackClient):
    """Fields are named by action_id; block_id is only needed where several fields share it.

    `ack_timeout` is how long Slack waits for the bot, in seconds. Every method raises
    NotOnScreenError for an action that the person cannot take.
    """

    def __init__(
        self, slack: "Slack", user_id: str, bot: BotLink, *, ack_timeout: float = 3.0
    ) -> None:
        super().__init__(slack, user_id)
        self._bot = bot
        self._ack_timeout = ack_timeout
        self.opened_links: list[str] = []
        self._suggested: dict[Key, list[Json]] = {}
        self._last_submission: tuple[OpenView, Json] | None = None

    async def type(
        self, action_id: str, text: str, *, enter: bool = False, block_id: str | None = None
    ) -> Ack | None:
        """Replace the text of a field. With dispatch_action, this is sent to the bot (on Enter)."""
        field = self._field(action_id, block_id)
        self._set_value(field, input_rules.typed_value(field, text))
        config = field.element.get("dispatch_action_config") or {}
        triggers = config.get("trigger_actions_on") or ["on_enter_pressed"]
        if "on_character_entered" in triggers or (enter and "on_enter_pressed" in triggers):
            return await self._dispatch(field)
        return None

    async def choose(
        self, action_id: str, choice: str | list[str] | None, *, block_id: str | None = None
    ) -> Ack | None:
        """Choose an option by its value, or a list of them in a field that takes several."""
        field = self._field(action_id, block_id)
        if field.type.endswith("external_select"):
            raise NotOnScreenError(f"{action_id} is empty before a search: use search and pick")
        return await self._choose(field, choice, input_rules.offered_options(field))

    async def pick(
        self, action_id: str, choice: str | list[str] | None, *, block_id: str | None = None
    ) -> Ack | None:
        """Choose options among those that `search` showed last; those chosen before may stay."""
        field = self._field(action_id, block_id)
        if field.key not in self._suggested and choice is not None:
            raise NotOnScreenError(f"{action_id} shows no options: search first")
        value = self._top_view().form.value(field) or []
        before = value if isinstance(value, list) else [value]
        return await self._choose(field, choice, [*self._suggested.get(field.key, []), *before])

    async def enter(self, action_id: str, text: str) -> Ack | None:
        """Type in a text field; in an external select, search and pick the option of this value."""
        if not self._field(action_id).type.endswith("external_select"):
            return await self.type(action_id, text)
        searched: set[Key] = set()
        # The form may be drawn again during a search, with another block for the same field.
        while (key := self._field(action_id).key) not in searched:
            searched.add(key)
            await self.search(action_id, text)
        return await self.pick(action_id, text)

    async def pick_date(
        self, action_id: str, when: int | str | None, *, block_id: str | None = None
    ) -> Ack | None:
        """:param when: UNIX seconds for a datetimepicker, YYYY-MM-DD or HH:MM for the others"""
        field = self._field(action_id, block_id)
        self._set_value(field, input_rules.date_value(field, when))
        return await self._dispatch(field)

    def upload(self, action_id: str, *files: tuple[str, bytes]) -> None:
        """Choose files for a field, which are uploaded at once. They replace those in the field.

        :param files: names and contents
        """
        field = self._field(action_id)
        input_rules.check_files(field, files)
        workspace = self._slack.workspace
        stored = [workspace.files.add(self.user.id, name, content) for name, content in files]
        self._set_value(field, [file_json(workspace, file) for file in stored])
        self._screen.touch()

    async def search(
        self, action_id: str, query: str, *, block_id: str | None = None
    ) -> dict[str, str]:
        """Type in an external select: the labels it shows, by value. Empty if the bot fails."""
        field = self._field(action_id, block_id)
        if not field.type.endswith("external_select"):
            raise NotOnScreenError(f"{action_id} is a {field.type}: it has no search")
        shortest = field.element.get("min_query_length", SHORTEST_QUERY)
        if len(query) < shortest:
            raise NotOnScreenError(f"{action_id} searches from {shortest} characters on")
        payload = payloads.block_suggestion(
            self._slack, self.user, self._top_view(), field.key, query
        )
        ack = await self._send(payload)
        options: list[Json] = []
        if ack.ok:
            try:
                options = check_suggestions(ack.body)
            except SlackError as error:
                self.notices.append(f"No options could be loaded: {error}")
        self._suggested[field.key] = options
        return {option["value"]: option["text"]["text"] for option in options}

    async def click(
        self, action_id: str, block_id: str | None = None, value: str | None = None
    ) -> Ack:
        """Press a button of the modal; `value` distinguishes buttons that share an action_id."""
        field = self._field(action_id, block_id, value=value)
        if field.type != "button":
            raise NotOnScreenError(f"{action_id} is a {field.type}, not a button")
        self._follow_link(field)
        return await self._send_action(button_action(field))

    async def submit(self, *, raw: bool = False) -> Outcome:
        """Press the submit button. Slack's client first checks the fields, unless `raw`."""
        view = self._top_view()
        if not view.body.get("submit") or view.being_submitted:
            raise NotOnScreenError("the modal has no submit button to press")
        self._seen_version = self._screen.version
        errors = validation_errors(view.form.fields, view.form.values)
        if errors and not raw:
            view.errors = errors
            self._screen.touch()
            return Outcome("blocked", errors=errors)
        view.errors = {}
        payload = payloads.view_submission(self._slack, self.user, view)
        self._last_submission = (view, payload)
        return await self._submit(view, payload)

    async def submit_again(self) -> Outcome:
        """Send the last submission once more, as after "Try again?", with the same view id."""
        if self._last_submission is None:
            raise NotOnScreenError("nothing was submitted yet")
        view, payload = self._last_submission
        again = copy.deepcopy(payload)
        again["trigger_id"] = self._slack.triggers.new_trigger(self.user.id)
        return await self._submit(view, again)

    async def close(self) -> None:
        """Press the close button. The bot is sent view_closed if the view has notify_on_close."""
        view = self._top_view()
        self._seen_version = self._screen.version
        clears = bool(view.body.get("clear_on_close"))
        if clears:
            self._slack.views.clear(self.user.id)
        else:
            self._slack.views.close(view)
        if view.body.get("notify_on_close"):
            payload = payloads.view_closed(self._slack, self.user, view, is_cleared=clears)
            await self._bot.deliver("interactive", payload, self._ack_timeout)

    async def _send(self, payload: Json) -> Ack:
        self._seen_version = self._screen.version
        ack = await self._bot.deliver("interactive", payload, self._ack_timeout)
        if not ack.ok:
            self.notices.append(CONNECTION_NOTICE)
        return ack

    async def _send_action(self, action: Json) -> Ack:
        return await self._send(
            payloads.view_action(self._slack, self.user, self._top_view(), action)
        )

    async def _choose(
        self, field: Field, choice: str | list[str] | None, options: list[Json]
    ) -> Ack | None:
        value = input_rules.chosen_value(field, choice, options, self._slack.workspace)
        if field.type == "overflow":
            return await self._send_action(_action(field, {"selected_option": value}))
        if field.type == "radio_buttons" and value == self._top_view().form.value(field):
            return None  # pressing the marked button again changes nothing, and Slack sends nothing
        self._set_value(field, value)
        return await self._dispatch(field)

    def _set_value(self, field: Field, value: Any) -> None:
        self._top_view().form.values[field.key] = field.holding(value)

    async def _dispatch(self, field: Field) -> Ack | None:
        if not field.dispatches:
            return None
        value = self._top_view().form.value(field)
        return await self._send_action(_action(field, {field.state_key: value}))

    async def _submit(self, view: OpenView, payload: Json) -> Outcome:
        """The bot cannot update the view until its answer has come."""
        view.being_submitted = True
        try:
            ack = await self._send(payload)
        finally:
            view.being_submitted = False
        if view not in self._screen.stack:
            return Outcome("closed" if ack.ok else "failed", reason=ack.failure)
        outcome = apply_submission_answer(self._slack, view, ack)
        if outcome.kind == "failed" and ack.ok:
            self.notices.append(CONNECTION_NOTICE)
        return outcome

    def _follow_link(self, field: Field) -> None:
        if field.element.get("url"):
            self.opened_links.append(field.element["url"])


def _action(field: Field, values: Json) -> Json:
    return {
        "type": field.type,
        "action_id": field.key[1],
        "block_id": field.key[0],
        **values,
    }


def button_action(field: Field) -> Json:
    """The action that pressing a button sends."""
    names = ("text", "value", "style", "url")
    return _action(field, {name: field.element[name] for name in names if name in field.element})
