"""One person in front of Slack's client: what they can do, and what they then see.

    alice = Person(slack, ALICE, BotLink(base_url, signing_secret=...))
    await alice.command("/report-issue", channel=ANNONCES)
    view = await alice.view()
    await alice.choose("type", "missing")
    outcome = await alice.submit()

Everything really goes over the wire. What is not on the person's screen raises NotOnScreen.
"""

from typing import Any

from sandbox.slack import payloads
from sandbox.slack.at_modal import AtModal, button_action
from sandbox.slack.errors import NotOnScreen
from sandbox.slack.form import fields_of
from sandbox.slack.link import Ack
from sandbox.slack.model import Channel, Ephemeral, Message
from sandbox.slack.outcome import Reply, read_reply
from sandbox.slack.sight import Shown

Json = dict[str, Any]


class Person(AtModal):
    """`patience` is how long Slack waits for the bot, in seconds: 3 in reality."""

    async def command(
        self, command: str, text: str = "", *, channel: str, thread_ts: str | None = None
    ) -> Reply:
        """A slash command: Slack's client refuses them in threads."""
        if thread_ts is not None:
            raise NotOnScreen(f"{command} is not supported in threads")
        place = self._place(channel)
        if self.user.id not in place.members:
            raise NotOnScreen(f"{self.user.name} has not joined {channel}")
        payload = payloads.slash_command(self._slack, self.user, place, command, text)
        self._seen = self._screen.version
        ack = await self._bot.deliver("slash_commands", payload, self._patience)
        reply = read_reply(ack, command)
        if reply.trouble:
            self.notices.append(reply.trouble)
        elif reply.text or reply.blocks:
            self._show(reply, place)
        return reply

    def say(self, text: str, *, channel: str, thread_ts: str | None = None) -> Message:
        """A message of their own, in a conversation they are in."""
        place = self._place(channel)
        if self.user.id not in place.members:
            raise NotOnScreen(f"{self.user.name} has not joined {channel}")
        return self._slack.workspace.say(channel, self.user.id, text, thread_ts=thread_ts)

    async def shortcut(self, callback_id: str, message: Message) -> Ack:
        """A message shortcut, from the menu of a message the person can see."""
        place = self._place(message.channel)
        now = self._current(message)
        return await self._send(
            payloads.message_action(self._slack, self.user, place, callback_id, now)
        )

    async def global_shortcut(self, callback_id: str) -> Ack:
        self._no_modal()
        return await self._send(payloads.global_shortcut(self._slack, self.user, callback_id))

    async def press(self, shown: Shown, action_id: str) -> Ack:
        """A button on a message. A button with a url opens it, and tells the bot too."""
        place = self._place(shown.channel)
        now = self._current(shown) if isinstance(shown, Message) else shown
        if isinstance(shown, Ephemeral) and shown not in self.ephemerals:
            raise NotOnScreen("the message was replaced")
        for field in fields_of(list(now.blocks)):
            if field.key[1] == action_id and field.type == "button":
                self._follow_link(field)
                action = button_action(field)
                return await self._send(
                    payloads.message_press(self._slack, self.user, place, now, action)
                )
        raise NotOnScreen(f"the message has no button {action_id}")

    def _show(self, reply: Reply, place: Channel) -> None:
        space = self._slack.workspace
        said = {"text": reply.text, "blocks": list(reply.blocks)}
        if reply.response_type == "in_channel":
            space.post(place.id, said)
        else:
            space.whisper(self.user.id, place.id, said)
