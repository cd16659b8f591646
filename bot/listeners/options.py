"""The searchable fields of a form: their options are answered from memory."""

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.kind import Context, Kind, State
from bot.services import Services
from bot.slack.payloads import Body, Search


def register(app: AsyncApp, kind: Kind[Context, State], services: Services) -> None:
    async def offer(ack: AsyncAck, body: Body) -> None:
        search = Search.of(kind.form, body, services.users.workspace)
        words = services.users.words(search.user)
        options = kind.form_data.options(
            words, search.field, search.query, search.user, search.metadata
        )
        await ack(options=list(options))

    for field in kind.form.searched_in:
        app.options(field)(offer)
