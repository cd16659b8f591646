"""One person who uses Slack's client: their actions, and their screen.

    alice = Person(slack, ALICE, BotLink(base_url, signing_secret=...))
    await alice.command("/report-issue", channel=ANNONCES)
    view = await alice.view()
    await alice.choose("type", "missing")
    outcome = await alice.submit()

Everything goes over the network. An action that their screen does not offer raises
NotOnScreenError.
"""

from collections.abc import Sequence
from typing import Any

from sandbox.slack import events, payloads, unfurls
from sandbox.slack.client import ShownMessage
from sandbox.slack.composer import typed_text
from sandbox.slack.errors import NotOnScreenError
from sandbox.slack.form import fields_of
from sandbox.slack.home_driver import HomeDriver
from sandbox.slack.link import Ack
from sandbox.slack.modal_driver import button_action
from sandbox.slack.model import Channel, Ephemeral, Message
from sandbox.slack.outcome import Reply, read_reply

Json = dict[str, Any]


class Person(HomeDriver):
    """Slack's client in the hands of one person."""

    async def command(
        self, command: str, text: str = "", *, channel: str, thread_ts: str | None = None
    ) -> Reply:
        """Type a slash command. Slack's client refuses commands in threads."""
        if thread_ts is not None:
            raise NotOnScreenError(f"{command} is not supported in threads")
        conversation = self._visible_channel(channel)
        if self.user.id not in conversation.members:
            raise NotOnScreenError(f"{self.user.name} has not joined {channel}")
        payload = payloads.slash_command(self._slack, self.user, conversation, command, text)
        self._seen_version = self._screen.version
        ack = await self._bot.deliver("slash_commands", payload, self._ack_timeout)
        reply = read_reply(ack, command)
        if reply.failure:
            self.notices.append(reply.failure)
        elif reply.text or reply.blocks:
            self._show(reply, conversation)
        return reply

    def say(
        self,
        text: str,
        *,
        channel: str,
        thread_ts: str | None = None,
        files: Sequence[tuple[str, bytes]] = (),
    ) -> Message:
        """Post a message in a conversation that they are in.

        :param files: names and contents
        """
        conversation = self._visible_channel(channel)
        if self.user.id not in conversation.members:
            raise NotOnScreenError(f"{self.user.name} has not joined {channel}")
        workspace, user = self._slack.workspace, self.user.id
        ids = tuple(workspace.files.add(user, name, content).id for name, content in files)
        return workspace.say(channel, user, text, thread_ts=thread_ts, files=ids)

    async def post(self, text: str, *, channel: str, thread_ts: str | None = None) -> Message:
        """Post a message. The app gets an event of it in their direct messages, and of its links if
        it registered their domains.
        """
        if channel == self._slack.workspace.dm_with_bot(self.user.id).id:
            message = await self.write_to_bot(text, thread_ts=thread_ts)
        else:
            message = self.say(text, channel=channel, thread_ts=thread_ts)
        await self.share_links(message)
        return message

    async def share_links(self, message: Message) -> list[Ack]:
        """Slack names the links of a message, as it does again for an edited one."""
        body = unfurls.link_shared(self._slack, self._current(message))
        return await self._share(body)

    async def compose(self, text: str) -> list[Ack]:
        """Type a message. Slack names its links before it is posted."""
        return await self._share(unfurls.link_composed(self._slack, self.user, typed_text(text)))

    async def _share(self, body: Json | None) -> list[Ack]:
        if body is None:
            return []
        acks = await events.send(self._bot, body, retry_after=())
        if acks[-1].ok:
            self._slack.unfurls.acknowledge(body["event"])
        return acks

    async def shortcut(self, callback_id: str, message: Message) -> Ack:
        """Use a message shortcut, from the menu of a message that the person sees."""
        conversation = self._visible_channel(message.channel)
        current = self._current(message)
        return await self._send(
            payloads.message_action(self._slack, self.user, conversation, callback_id, current)
        )

    async def global_shortcut(self, callback_id: str) -> Ack:
        self._check_no_modal()
        return await self._send(payloads.global_shortcut(self._slack, self.user, callback_id))

    async def press_unfurl(self, message: Message, action_id: str, *, of: str = "") -> Ack:
        """Press a button of an unfurled link.

        :param of: a part of the link, where several links of the message have such a button
        """
        conversation = self._visible_channel(message.channel)
        current = self._current(message)
        for unfurl in current.attachments:
            if not unfurl.get("is_app_unfurl") or of not in unfurl["app_unfurl_url"]:
                continue
            for field in fields_of(unfurl["blocks"]):
                if field.key[1] == action_id and field.type == "button":
                    action = button_action(field)
                    return await self._send(
                        payloads.unfurl_press(
                            self._slack, self.user, conversation, current, unfurl, action
                        )
                    )
        raise NotOnScreenError(f"no unfurled link has a button {action_id}")

    async def press(self, message: ShownMessage, action_id: str) -> Ack:
        """Press a button on a message. A button with a url also opens the url."""
        conversation = self._visible_channel(message.channel)
        current = self._current(message) if isinstance(message, Message) else message
        if isinstance(message, Ephemeral) and message not in self.ephemerals:
            raise NotOnScreenError("the message was replaced")
        for field in fields_of(list(current.blocks)):
            if field.key[1] == action_id and field.type == "button":
                self._follow_link(field)
                action = button_action(field)
                return await self._send(
                    payloads.message_press(self._slack, self.user, conversation, current, action)
                )
        raise NotOnScreenError(f"the message has no button {action_id}")

    def _show(self, reply: Reply, conversation: Channel) -> None:
        workspace = self._slack.workspace
        content = {"text": reply.text, "blocks": list(reply.blocks)}
        if reply.response_type == "in_channel":
            workspace.post(conversation.id, content)
        else:
            workspace.add_ephemeral(self.user.id, conversation.id, content)
