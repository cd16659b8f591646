"""The checks of `constat doctor` that ask Slack, Immoteur and KARE. Nothing is filed or posted."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import Any

from bot.commands.check import Check, fault, ok, warning
from bot.delivery.http_client import Answer, Cut, Exchange, NotSent, client_for
from bot.kare.client import Kare
from bot.kare.session import Login, Session
from bot.settings import Settings
from bot.slack import web_api
from bot.slack.socket_check import SocketModeError, check_connection

UNPUNCTUAL, WRONG = 30.0, 240.0
"""Seconds by which the clock may differ before there is a warning, and a fault. Slack's requests
are refused when it differs by 300 seconds."""
SCOPES = frozenset({"commands", "chat:write", "users:read", "im:history"})
"""The scopes of manifest.yml."""
LINK_SCOPES = frozenset({"links:read", "links:write"})
"""The further scopes of an app whose links unfurl."""
PHOTO_SCOPES = frozenset({"files:read"})
"""The further scope of an app whose forms take photos."""
SWITCHED_OFF = frozenset({"socket_mode_not_enabled"})
"""Slack's errors of `apps.connections.open` for an app without Socket Mode."""
NETWORK = "check the network, the proxy and the firewall of this machine"


def needed_scopes(settings: Settings, *, photos: bool) -> frozenset[str]:
    """The scopes of manifest.yml, edited for these settings."""
    links = LINK_SCOPES if settings.constat_unfurl_domains else frozenset()
    return SCOPES | links | (PHOTO_SCOPES if photos else frozenset())


async def check_network(settings: Settings, scopes: frozenset[str] = SCOPES) -> list[Check]:
    """Sign in everywhere, and compare the clock.

    :param scopes: that the app needs
    """
    checks = [check async for check in _slack(settings, scopes)]
    clocks: list[float] = []
    if settings.immoteur_token is not None:
        checks.append(await _immoteur(settings, clocks))
    if settings.kare_set_up:
        checks.append(await _kare(settings, clocks))
    if clocks:
        checks.append(clock_check(max(clocks, key=abs)))
    return checks


async def _slack(settings: Settings, scopes: frozenset[str]) -> AsyncIterator[Check]:
    """Sign in, compare the scopes, and connect in Socket Mode for a moment."""
    token = settings.slack_bot_token.get_secret_value()
    async with web_api.web_client(token, settings.slack_api_url) as client:
        try:
            answer = await client.auth_test()
        except web_api.SlackError as error:
            yield _refused("Slack", "SLACK_BOT_TOKEN", error)
            if not isinstance(error, web_api.SlackRefusedError):
                return  # Socket Mode cannot be asked for either
        else:
            yield ok("Slack", f"signed in to {answer.get('team')} as {answer.get('user')}")
            yield from_scopes(answer.headers, scopes)
        if app_token := settings.slack_app_token.get_secret_value():
            yield await _socket_mode(client, app_token, settings.slack_api_url)


async def _socket_mode(client: web_api.WebClient, app_token: str, api_url: str) -> Check:
    name = "Socket Mode"
    try:
        answer = await client.apps_connections_open(app_token=app_token)
    except web_api.SlackError as error:
        return _refused(name, "SLACK_APP_TOKEN", error)
    try:
        await check_connection(str(answer.get("url")), api_url)
    except SocketModeError as error:
        remedy = "let WebSockets to wss://*.slack.com pass the proxy and the firewall"
        return fault(name, f"Slack offers a connection that does not work: {error}", remedy)
    return ok(name, "Slack greets on a WebSocket")


def _refused(name: str, setting: str, error: web_api.SlackError) -> Check:
    if not isinstance(error, web_api.SlackRefusedError):
        why = error.__cause__ or error
        return fault(name, f"Slack cannot be reached: {type(why).__name__}: {why}", NETWORK)
    if error.code in SWITCHED_OFF:
        remedy = "paste manifest.yml again (App Manifest), with socket_mode_enabled: true"
        return fault(name, f"Socket Mode is switched off: {error.code}", remedy)
    if name == "Socket Mode" and error.code == "missing_scope":
        remedy = "create an App-Level Token with the scope connections:write (Basic Information)"
        return fault(name, f"{setting} lacks the scope connections:write: {error.code}", remedy)
    remedy = f"renew {setting} on https://api.slack.com/apps and restart the bot"
    return fault(name, f"Slack refuses {setting}: {error.code}", remedy)


def from_scopes(headers: Mapping[str, Any], needed: frozenset[str] = SCOPES) -> Check:
    """Compare the scopes of the bot token with those that the app needs.

    :param headers: of an answer of Slack, which names the scopes in `X-OAuth-Scopes`
    :param needed: the scopes of the manifest, edited for these settings
    """
    by_name = {name.lower(): value for name, value in headers.items()}
    value = by_name.get("x-oauth-scopes")
    if value is None:
        return ok("scopes", "Slack does not name them")
    text = value[0] if isinstance(value, list) and value else value
    granted = {scope.strip() for scope in str(text).split(",")}
    if missing := sorted(needed - granted):
        return fault(
            "scopes",
            f"the app lacks {', '.join(missing)}",
            "paste manifest.yml again (App Manifest), with the edits that its head describes for"
            " these settings, and reinstall the app",
        )
    return ok("scopes", f"the app has {', '.join(sorted(needed))}")


async def _immoteur(settings: Settings, clocks: list[float]) -> Check:
    assert settings.immoteur_token is not None  # noqa: S101 - the caller has checked it
    headers = {"Authorization": f"Bearer {settings.immoteur_token.get_secret_value()}"}
    async with client_for(settings.immoteur_api_url, connections=1) as client:
        outcome = await Exchange("immoteur", client)("GET", "/auth", headers=headers)
    return _answered("Immoteur", "IMMOTEUR_TOKEN", outcome, clocks)


async def _kare(settings: Settings, clocks: list[float]) -> Check:
    access, ready = settings.kare_access_token, settings.kare_session_token
    session = Session(access, ready) if access is not None and ready is not None else None
    login = None
    if settings.kare_email is not None and settings.kare_password is not None:
        login = Login(settings.kare_email, settings.kare_password)
    async with client_for(settings.kare_api_url, connections=1) as client:
        kare = Kare(client, session, login)
        outcome = await kare.ask("GET", "/commissions/v2/rs", [])
    return _answered("KARE", kare.setting, outcome, clocks)


def _answered(
    name: str, setting: str, outcome: Answer | NotSent | Cut, clocks: list[float]
) -> Check:
    """:param clocks: the difference between the clock here and the API's is added, in seconds"""
    if not isinstance(outcome, Answer):
        return fault(name, f"{name} cannot be reached: {outcome.error}", NETWORK)
    with suppress(ValueError):  # an API may give no Date, or none that can be read
        told = parsedate_to_datetime(outcome.headers.get("date", "")).timestamp()
        clocks.append(time.time() - told)
    return _judged(name, setting, outcome)


def _judged(name: str, setting: str, outcome: Answer) -> Check:
    finding = f"{name} answers {outcome.status}"
    address = f"check the address of {name} in the settings"
    if outcome.status == 200 and not isinstance(outcome.body, dict):
        return fault(name, f"{finding}, but not with what {name} has there", address)
    if outcome.status == 200:
        return ok(name, f"{name} accepts {setting}")
    if outcome.status in {401, 403}:
        return fault(name, f"{finding}: it refuses {setting}", f"renew {setting}")
    if outcome.status in {429, 503}:
        return warning(name, f"{finding}: it limits our requests", "wait, and try again")
    if outcome.status >= 500:
        return fault(name, f"{finding}: it has a fault of its own", "wait, and try again")
    return fault(name, finding, address)


def clock_check(ahead: float) -> Check:
    """:param ahead: seconds by which the clock here is ahead of an API's"""
    finding = f"{abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} the APIs' clocks"
    if abs(ahead) < UNPUNCTUAL:
        return ok("clock", finding)
    remedy = "set the clock of this machine: timedatectl set-ntp true"
    return (fault if abs(ahead) > WRONG else warning)("clock", finding, remedy)
