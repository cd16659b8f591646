"""The form of tokens, secrets and logins. A wrong one is found before it is ever sent.

Each function returns the cleaned text, or raises ValueError with a sentence that does not contain
the text.
"""

import re

SLACK_TOKENS = {
    "xoxb-": ("a bot token (xoxb-…)", "SLACK_BOT_TOKEN"),
    "xoxe.xoxb-": ("a bot token (xoxb-…)", "SLACK_BOT_TOKEN"),
    "xapp-": ("an app-level token (xapp-…)", "SLACK_APP_TOKEN"),
    "xoxp-": ("a user token (xoxp-…)", None),
    "xoxe.xoxp-": ("a user token (xoxp-…)", None),
    "xoxe-": ("a refresh token (xoxe-…)", None),
    "xoxa-": ("a token of an old kind (xoxa-…)", None),
    "xoxr-": ("a token of an old kind (xoxr-…)", None),
    "xoxs-": ("a session token (xoxs-…)", None),
    "xoxc-": ("a browser's token (xoxc-…)", None),
    "xoxd-": ("a browser's cookie (xoxd-…)", None),
}
"""Slack's token types by their first characters, with the setting that takes them.

Source: https://docs.slack.dev/authentication/tokens
"""
BOT_TOKEN = "use the Bot User OAuth Token, which begins with xoxb-"  # noqa: S105 - a sentence
APP_TOKEN = "use an App-Level Token, which begins with xapp-"  # noqa: S105 - a sentence
SIGNING_SECRET = "use the Signing Secret from Basic Information, App Credentials"  # noqa: S105
SHORTEST_SECRET = 20
"""Characters. Slack's signing secrets have 32."""
VERIFICATION_TOKEN = re.compile(r"[A-Za-z0-9]{24}")
QUOTES = "\"'`“”‘’«»"
_CHARACTERS = re.compile(r"[\w.~+/=|:%@!#&?-]+", re.ASCII)
"""What tokens are made of. A comma or a `$` belongs to the file that one was copied from."""
_PLACEHOLDER = re.compile(r"(?i)change[-_]?me|replace[-_]?me|placeholder|your[-_]|[-_]?x{4,}$")
"""What stands in examples in the place of a token."""


def unquoted(text: str) -> str:
    """Any setting but a password: quotation marks around it do not belong to it."""
    text = text.strip()
    if len(text) > 1 and text[0] in QUOTES and text[-1] in QUOTES:
        raise ValueError("it is in quotation marks; remove them")
    if text and (text[0] in QUOTES or text[-1] in QUOTES):
        raise ValueError("it has a quotation mark at one end; remove it")
    return text


def bot_token(text: str) -> str:
    return _slack_token(text, "SLACK_BOT_TOKEN", BOT_TOKEN)


def app_token(text: str) -> str:
    return _slack_token(text, "SLACK_APP_TOKEN", APP_TOKEN)


def signing_secret(text: str) -> str:
    secret = _word(text)
    if kind := _slack_kind(secret):
        raise ValueError(f"it is {_described(kind)}; {SIGNING_SECRET}")
    if VERIFICATION_TOKEN.fullmatch(secret):
        raise ValueError(f"it is as long as a Verification Token; {SIGNING_SECRET}")
    if len(secret) < SHORTEST_SECRET or "@" in secret:
        raise ValueError(f"it is not a signing secret of Slack; {SIGNING_SECRET}")
    return secret


def api_token(text: str) -> str:
    """A token of Immoteur or KARE. Neither documents how its tokens look."""
    token = _word(text)
    if kind := _slack_kind(token):
        raise ValueError(f"it is {_described(kind)}")
    if re.fullmatch(r"https?://.*", token):
        raise ValueError("it is a web address, not a token")
    if re.fullmatch(r"[^@]+@[^@]+\.[^@]+", token):
        raise ValueError("it is an e-mail address, not a token")
    return token


def email(text: str) -> str:
    address = unquoted(text)
    if not re.fullmatch(r"[^@\s<>:,;]+@[^@\s<>:,;]+", address):
        raise ValueError("it is not an e-mail address")
    return address


def _slack_token(text: str, setting: str, remedy: str) -> str:
    token = _word(text)
    kind = _slack_kind(token)
    if not kind:
        raise ValueError(f"it is not a token of this type; {remedy}")
    if SLACK_TOKENS[kind][1] != setting:
        raise ValueError(f"it is {_described(kind)}; {remedy}")
    return token


def _word(text: str) -> str:
    """A token, without the blanks around it, which were pasted with it."""
    word = unquoted(text)
    if word.lower().startswith("bearer "):
        raise ValueError("it begins with the word Bearer; leave that out")
    if not word:
        raise ValueError("it is blank")
    if not _CHARACTERS.fullmatch(word):
        raise ValueError("it contains spaces, or characters that no token has")
    if _PLACEHOLDER.search(word):
        raise ValueError("it is the placeholder of an example; give your own value")
    return word


def _slack_kind(token: str) -> str:
    """The first characters of one of Slack's token types; empty for anything else."""
    return next((start for start in SLACK_TOKENS if token.lower().startswith(start)), "")


def _described(kind: str) -> str:
    what, setting = SLACK_TOKENS[kind]
    return f"{what}, which belongs in {setting}" if setting else f"{what}, which constat never uses"
