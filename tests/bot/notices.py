"""Notices in the workspace, and reports in the states that they are about."""

from sandbox.slack import Message
from sandbox.slack.seed import ALICE, BOB
from tests.world import FAST, World, is_notice

MENTION = f"<@{BOB}>"
ADMIN = FAST.model_copy(update={"admins": frozenset({ALICE})})


def notices(bot: World, channel: str) -> list[Message]:
    messages = bot.slack.workspace.messages[channel].values()
    return [message for message in messages if message.bot_id and is_notice(message)]


def direct(bot: World, user: str) -> str:
    return str(bot.slack.workspace.dm_with_bot(user).id)


async def write(bot: World, sql: str, *values: object) -> None:
    await bot.runtime.services.store.write(lambda db: db.execute(sql, list(values)).rowcount)


async def settled(bot: World) -> None:
    """Wait until every notice is posted or dropped."""
    due = "select 1 from notices where posted < version and (ts is not null or began_at is null)"
    await bot.until(lambda: not bot.rows(due))
