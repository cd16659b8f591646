"""`constat week --post CHANNEL`: the message of a week, posted at once."""

import asyncio
import time
from typing import TYPE_CHECKING

import click

from bot.commands.database import DatabaseAddress, reading, writing
from bot.commands.times import Span
from bot.settings import Settings, SettingsError
from storage import posted_weeks

if TYPE_CHECKING:
    from blocks.receipt_view import Message


def post(settings: Settings, channel: str, span: Span, *, again: bool) -> None:
    """Post a week, and remember it, so that the bot does not post it as well.

    :raises SettingsError: without a bot token
    :raises click.ClickException: if it was posted before, or Slack does not take it
    """
    # Only this option needs Slack's library, which takes long to import.
    from bot.slack.web_api import (  # noqa: PLC0415
        SlackError,
        SlackNoAnswerError,
        SlackRefusedError,
    )
    from bot.week_message import first_day, message  # noqa: PLC0415

    if not settings.slack_bot_token.get_secret_value():
        raise SettingsError(["SLACK_BOT_TOKEN is missing"])
    address, week, now = settings.constat_db, first_day(span).isoformat(), time.time()
    with reading(address) as db:
        drawn = message(db, span, settings.constat_language)
    with writing(address) as db:
        if not posted_weeks.claim(db, channel, week, now=now, again=again):
            raise click.ClickException(
                f"the week of {week} was posted in {channel} before; --again posts it once more"
            )
    try:
        ts = asyncio.run(_say(settings, channel, drawn))
    except SlackNoAnswerError as error:
        raise click.ClickException(
            f"Slack has not confirmed the week of {week} in {channel}; look there, and use"
            f" --again if it is missing: {error}"
        ) from error
    except SlackRefusedError as error:
        _release(address, channel, week, now)
        raise click.ClickException(
            f"Slack refuses the week of {week} in {channel}: {error}; invite the bot to the"
            " channel, and give the channel's id"
        ) from error
    except SlackError as error:
        _release(address, channel, week, now)
        raise click.ClickException(f"the week of {week} is not posted: {error}") from error
    with writing(address) as db:
        posted_weeks.confirm(db, channel, week, ts, at=now)
    click.echo(f"posted the week of {week} in {channel}")


def _release(address: DatabaseAddress, channel: str, week: str, at: float) -> None:
    with writing(address) as db:
        posted_weeks.release(db, channel, week, at=at)


async def _say(settings: Settings, channel: str, drawn: "Message") -> str:
    from bot.slack.messages import post  # noqa: PLC0415
    from bot.slack.web_api import web_client  # noqa: PLC0415 - as above

    token = settings.slack_bot_token.get_secret_value()
    async with web_client(token, settings.slack_api_url) as client:
        return (await post(client, channel, drawn)).ts
