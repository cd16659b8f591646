"""A message shortcut opens its kind's form, filled in from the message."""

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks import photos
from bot.kind import Context, Kind, State
from bot.listeners.asking import NOT_SET_UP, open_or_tell
from bot.services import Services
from bot.slack.payloads import Body, Opening


def register(app: AsyncApp, kind: Kind[Context, State], services: Services) -> None:
    @app.shortcut({"callback_id": kind.shortcut, "type": "message_action"})
    async def shortcut(ack: AsyncAck, body: Body) -> None:
        users = services.users
        opening = Opening.of_shortcut(body, users.workspace, users.workspace_url)
        if kind.client is None:
            await ack()
            user, address = opening.user, opening.response_url
            services.tasks.start(services.users.tell(user, address, NOT_SET_UP, kind.missing))
            return
        values = kind.form.from_message(opening.message or {}, opening.origin.link)
        if kind.photos is not None:
            values = {**values, **photos.of_message(opening.message or {})}
        await ack()
        services.tasks.start(open_or_tell(services, kind, opening, values))
