"""Slack's payloads as values. They are read once, and refused when they have another shape.

Source: https://docs.slack.dev/reference/interaction-payloads
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic

from pydantic import ValidationError

from blocks.answers import Answers
from blocks.form import Form
from blocks.form_state import FormMetadata, Origin, State
from blocks.message import words
from blocks.repeated import fingerprint
from bot.slack import payload_shapes as shapes
from bot.slack.permalinks import permalink
from bot.workspace import Workspace

Body = Mapping[str, Any]


class MalformedPayloadError(Exception):
    """A signed request whose shape is not that of Slack's payloads."""


@contextmanager
def well_formed() -> Iterator[None]:
    """:raises MalformedPayloadError: for whatever reading a payload of another shape raises"""
    try:
        yield
    except ValidationError as error:
        # Without the input: what people typed does not belong in the log.
        faults = [f"{fault['loc']}: {fault['type']}" for fault in error.errors(include_input=False)]
        raise MalformedPayloadError("; ".join(faults[:5])) from None
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise MalformedPayloadError(f"{type(error).__name__}: {error}") from error


@dataclass(frozen=True)
class Action:
    """A press or a choice."""

    action_id: str
    at: float
    """The `action_ts`, UNIX seconds: newer choices have later ones."""
    value: str
    """A button's value; empty for other elements."""
    raw: Mapping[str, Any]
    """The action as Slack sent it."""


@dataclass(frozen=True)
class OpenForm(Generic[State]):
    """A form on a person's screen, as Slack sends it with every interaction."""

    view_id: str
    hash: str
    user: str
    title: str
    metadata: FormMetadata[State]
    answers: Answers
    """With the value that the action carries, if it is a choice."""
    action: Action | None = None
    """The action that was pressed or chosen; None for a submission."""

    @property
    def first_field(self) -> str:
        """The first field on screen, for errors that belong to no field."""
        return next(iter(self.answers.blocks), "")

    @classmethod
    def of(cls, form: Form[Any, State], body: Body, workspace: Workspace) -> "OpenForm[State]":
        """:raises MalformedPayloadError: when it is no form of this kind"""
        with well_formed():
            payload = shapes.OnView.model_validate(body)
            view, metadata = payload.view, _metadata(form, payload.view)
            answers = Answers.of_view(view.state.values, view.blocks)
            answers = answers.with_set_aside(metadata.set_aside)
            action = None
            if payload.actions:
                raw = payload.actions[0]
                pressed = shapes.ActionShape.model_validate(raw)
                action = Action(pressed.action_id, pressed.action_ts, pressed.value or "", raw)
                answers = answers.with_action(raw)
            return cls(
                view_id=view.id,
                hash=view.hash,
                user=payload.person_at(workspace),
                title=view.title.text,
                metadata=metadata,
                answers=answers,
                action=action,
            )


def _metadata(form: Form[Any, State], view: shapes.View) -> FormMetadata[State]:
    """:raises ValueError: when the view is a form of another kind, or its metadata is not ours"""
    if view.callback_id != form.callback_id:
        raise ValueError(f"the view is no form of the kind {form.callback_id}")
    return form.metadata_type.model_validate_json(view.private_metadata)


@dataclass(frozen=True)
class Search(Generic[State]):
    """A block_suggestion: a person types in a searchable field of a form."""

    user: str
    field: str
    query: str
    metadata: FormMetadata[State]

    @classmethod
    def of(cls, form: Form[Any, State], body: Body, workspace: Workspace) -> "Search[State]":
        """:raises MalformedPayloadError: when it is no search in a form of this kind"""
        with well_formed():
            payload = shapes.OnView.model_validate(body)
            metadata = _metadata(form, payload.view)
            person = payload.person_at(workspace)
            return cls(person, payload.action_id, payload.value or "", metadata)


@dataclass(frozen=True)
class Press:
    """A button, or an option of a menu, of a message or of an App Home was pressed."""

    user: str
    action_id: str
    at: str
    """The `action_ts`, as Slack writes it: a replayed press has the same."""
    value: str
    trigger_id: str
    response_url: str
    option: str = ""
    """The value of the option that was chosen, if it is a choice in a menu."""
    channel: str = ""
    ts: str = ""
    """Of the message that the button is on."""
    thread_ts: str | None = None
    """The thread that the message is in; None for a message of the conversation itself."""
    on_home: bool = False
    """Whether the button is on the person's App Home. Slack gives no `response_url` there."""
    team: str = ""
    place: str | None = None
    """`direct` or `group` for a conversation without a name; None for a channel."""

    @classmethod
    def of(cls, body: Body, workspace: Workspace) -> "Press":
        """:raises MalformedPayloadError: when it is no press"""
        with well_formed():
            payload = shapes.OnMessage.model_validate(body)
            action, channel = payload.actions[0], payload.container.channel_id
            return cls(
                user=payload.person(workspace),
                action_id=action.action_id,
                at=str(body["actions"][0]["action_ts"]),
                value=action.value or "",
                trigger_id=payload.trigger_id,
                response_url=payload.response_url,
                option=action.selected_option.value if action.selected_option else "",
                channel=channel,
                ts=payload.container.message_ts,
                thread_ts=payload.container.thread_ts,
                on_home=payload.view is not None and payload.view.type == "home",
                team=payload.team_id(),
                place=_place(channel, payload.channel.name if payload.channel else None),
            )


@dataclass(frozen=True)
class Opening:
    """A command or a message shortcut: where a form is to be opened, and for whom."""

    user: str
    origin: Origin
    trigger_id: str
    response_url: str
    text: str = ""
    """The words behind a command."""
    message: Mapping[str, Any] | None = None
    """The message that a shortcut was used on."""

    @classmethod
    def of_command(cls, body: Body, workspace: Workspace) -> "Opening":
        """:raises MalformedPayloadError: when it is no command"""
        with well_formed():
            payload = shapes.Command.model_validate(body)
            origin = Origin(
                team=payload.team_id or payload.enterprise_id or "",
                channel=payload.channel_id,
                place=_place(payload.channel_id, payload.channel_name),
            )
            return cls(
                user=workspace.person(payload.user_id, payload.team_id or ""),
                origin=origin,
                trigger_id=payload.trigger_id,
                response_url=payload.response_url,
                text=payload.text or "",
            )

    @classmethod
    def of_shortcut(cls, body: Body, workspace: Workspace, url: str | None) -> "Opening":
        """:param url: the workspace's, for a payload that does not name the workspace's domain

        :raises MalformedPayloadError: when it is no message shortcut
        """
        with well_formed():
            payload = shapes.Shortcut.model_validate(body)
            message, channel = payload.message, payload.channel
            ts, thread = message.get("ts") or payload.message_ts, message.get("thread_ts")
            if not isinstance(ts, str) or not isinstance(thread, str | None):
                raise TypeError("a message without a timestamp")
            domain = payload.team.domain if payload.team else None
            base = f"https://{domain}.slack.com/" if domain else url
            link = permalink(base, channel.id, ts, thread) if base else None
            return cls(
                user=payload.person(workspace),
                origin=Origin(
                    team=payload.team_id(),
                    channel=channel.id,
                    thread_ts=thread or payload.message_ts or ts,
                    link=link,
                    message=fingerprint(words(message)),
                    place=_place(channel.id, channel.name),
                ),
                trigger_id=payload.trigger_id,
                response_url=payload.response_url,
                message=message,
            )


def _place(channel: str, name: str | None) -> str | None:
    """Which conversation without a name this is: Slack shows no mention of it as a name."""
    if channel.startswith("D") or name == "directmessage":
        return "direct"
    if name == "privategroup" or (name or "").startswith("mpdm-"):
        return "group"
    return None
