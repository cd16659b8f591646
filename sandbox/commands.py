"""The commands `constat sandbox` and `constat try`.

`constat --help` imports this file, so each function imports what takes long.
"""

import contextlib
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import click

TRY_FOLDER = Path(".try")
"""The folder of the database of `constat try`; git ignores it."""
PORT = 3100


@click.command("sandbox", short_help="run stand-ins for Slack, Immoteur and KARE")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=PORT, show_default=True,
    help="Port to listen on.",
)  # fmt: skip
def sandbox_command(host: str, port: int) -> None:
    """Run stand-ins for Slack, Immoteur and KARE.

    The command prints the settings of a bot that uses them.

    \b
    Example:
      constat sandbox --port 3100
    """
    import asyncio  # noqa: PLC0415

    try:
        asyncio.run(_serve(host, port))
    except OSError as error:
        raise click.ClickException(f"the sandbox cannot listen there: {error}") from error
    except KeyboardInterrupt:
        pass


@click.command("try", short_help="try constat without Slack")
@click.option(
    "--page/--no-page", default=None,
    help="Open the page, or exit after the tour. Default: the page if the output is a terminal.",
)  # fmt: skip
@click.option("--no-tour", "touring", flag_value=False, default=True, help="Open the page at once.")
@click.option(
    "--port", type=click.IntRange(0, 65_535),
    help=f"Port of the page (default {PORT}, or any free one).",
)  # fmt: skip
@click.option(
    "--language", type=click.Choice(["en", "fr"]), default="en", show_default=True,
    help="Language of messages in channels, and of the first person on the page.",
)  # fmt: skip
@click.option(
    "--config", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The bot's TOML file, for example with your own risk labels. It decides about photos.",
)  # fmt: skip
def try_command(
    *, page: bool | None, touring: bool, port: int | None, language: str, config: Path | None
) -> None:
    """Try constat without Slack.

    The command files one report of each kind with the stand-ins, and then opens a web page that
    works like Slack. If the output is not a terminal, it exits after the tour. Photos and links
    that unfold are on, although they are off by default.

    The database is .try/constat.db in the current folder. Each start begins with a new one.

    \b
    Examples:
      constat try --no-tour
      constat try --language fr --config constat.toml
    """
    from sandbox import optional_features  # noqa: PLC0415

    TRY_FOLDER.mkdir(exist_ok=True)
    features = optional_features.choose(TRY_FOLDER, config)
    click.echo(features.notice)
    settings = {"CONSTAT_LANGUAGE": language, **features.settings}
    status = _try(page=page, touring=touring, port=port, settings=settings)
    raise click.exceptions.Exit(status)


async def _serve(host: str, port: int) -> None:
    import asyncio  # noqa: PLC0415

    from sandbox.sandbox import Sandbox  # noqa: PLC0415
    from sandbox.slack import files  # noqa: PLC0415

    sandbox = Sandbox()
    files.allow(sandbox.slack.workspace)
    async with sandbox.serve(host, port):
        print("# A bot with these settings, and a CONSTAT_DB, works against this sandbox:")
        for name, value in sandbox.settings.items():
            print(f"{name}={value}")
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()


def _try(*, page: bool | None, touring: bool, port: int | None, settings: Mapping[str, str]) -> int:
    """The exit status."""
    import asyncio  # noqa: PLC0415

    from sandbox.tour.script import tour  # noqa: PLC0415

    for old in TRY_FOLDER.glob("constat.db*"):
        old.unlink()
    db = TRY_FOLDER / "constat.db"
    can_open = all(find_spec(package) for package in ("htpy", "yaml"))
    if not (sys.stdout.isatty() if page is None else page) or (page is None and not can_open):
        if page is None:
            why = "the output is not a terminal" if can_open else "htpy or PyYAML is not installed"
            click.echo(f"=== A tour without the page, because {why}: --page opens the page.")
        return asyncio.run(tour(db, settings))
    if not can_open:
        command = f"{sys.executable} -m pip install htpy PyYAML"
        raise click.ClickException(f"the page needs more packages: {command}")
    from sandbox.page.launcher import stay_open  # noqa: PLC0415 - only with the extra

    explicit = port is not None
    try:
        asyncio.run(
            stay_open(
                db,
                PORT if port is None else port,
                explicit=explicit,
                touring=touring,
                settings=settings,
            )
        )
    except OSError as error:
        raise click.ClickException(f"the page cannot be opened there: {error}") from error
    return 0
