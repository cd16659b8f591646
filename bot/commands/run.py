"""`constat serve` and `constat socket`: the bot itself."""

import asyncio
import os

import click

from bot import settings as configuration
from bot.commands import needless_libraries_hidden


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=3000, show_default=True,
    help="Port to listen on; 0 is any free one.",
)  # fmt: skip
def serve(host: str, port: int) -> None:
    """Run the bot in HTTP mode: Slack sends requests to this machine.

    Slack needs a public https address that leads here. The command runs until SIGTERM, SIGINT or
    SIGHUP.

    \b
    Example:
      constat serve --host 127.0.0.1 --port 3000
    """
    with needless_libraries_hidden():
        settings, config = configuration.load("serve")
        # Wrong settings are named before the libraries of HTTP mode are imported.
        from bot.asgi_server import ListenError  # noqa: PLC0415
        from bot.http_server import serve as listen  # noqa: PLC0415

    _hide_from_bolt()
    try:
        asyncio.run(listen(settings, config, host, port))
    except ListenError as error:
        raise click.ClickException(str(error)) from error


@click.command()
def socket() -> None:
    """Run the bot in Socket Mode: the bot opens a WebSocket to Slack.

    The machine needs no public address. The command runs until SIGTERM, SIGINT or SIGHUP.

    \b
    Example:
      constat socket
    """
    with needless_libraries_hidden():
        settings, config = configuration.load("socket")
        from bot.socket_mode import listen  # noqa: PLC0415 - as above

    _hide_from_bolt()
    asyncio.run(listen(settings, config))


def _hide_from_bolt() -> None:
    """Bolt takes this token from the environment too, and warns that it has a client already."""
    os.environ.pop("SLACK_BOT_TOKEN", None)
