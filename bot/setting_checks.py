"""The checks of single settings. Each raises ValueError with a sentence without a secret."""

from collections.abc import Callable

from bot import credentials, host_port

CHECKS: dict[str, Callable[[str], str]] = {
    "slack_bot_token": credentials.bot_token,
    "slack_signing_secret": credentials.signing_secret,
    "slack_app_token": credentials.app_token,
    "immoteur_token": credentials.api_token,
    "kare_access_token": credentials.api_token,
    "kare_session_token": credentials.api_token,
    "kare_email": credentials.email,
    "constat_health": host_port.checked,
}
"""By the field of `Settings`."""


def unquoted(value: str) -> str:
    """A value that is neither in quotation marks nor blank."""
    text = credentials.unquoted(value)
    if value and not text:
        raise ValueError("it is blank")
    return text
