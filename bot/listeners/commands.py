"""A command opens its kind's form, or lists the person's reports."""

from slack_bolt.async_app import AsyncAck, AsyncApp

from blocks.compared import compared
from bot.home import mine
from bot.home.mine import MyReports
from bot.kind import Context, Kind, State
from bot.listeners.asking import NOT_SET_UP, open_or_tell
from bot.services import Services
from bot.slack.payloads import Body, Opening
from bot.slack.users import Facts

HELP = frozenset({"help", "aide", "?"})


def register(
    app: AsyncApp, kind: Kind[Context, State], services: Services, my_reports: MyReports
) -> None:
    @app.command(kind.command)
    async def command(ack: AsyncAck, body: Body) -> None:
        opening = Opening.of_command(body, services.users.workspace)
        word = compared(opening.text)
        if word in mine.WORDS:
            await ack()
            services.tasks.start(my_reports.tell(opening))
        elif word in HELP:
            usage, facts = f"command.usage_{kind.name}", {"command": kind.command}
            await _answer(ack, services, opening, usage, facts)
        elif kind.client is None:
            await _answer(ack, services, opening, NOT_SET_UP, kind.missing)
        else:
            await ack()
            values = kind.form.from_words(opening.text)
            services.tasks.start(open_or_tell(services, kind, opening, values))


async def _answer(
    ack: AsyncAck, services: Services, opening: Opening, key: str, facts: Facts
) -> None:
    """Answer at once. Answer again if the person's language was not known and turns out to be
    another.
    """
    await ack(services.users.words(opening.user)(key, **facts))
    if not services.users.knows(opening.user):
        services.tasks.start(_translate(services, opening, key, facts))


async def _translate(services: Services, opening: Opening, key: str, facts: Facts) -> None:
    if await services.users.learn(opening.user):
        await services.users.tell(opening.user, opening.response_url, key, facts)
