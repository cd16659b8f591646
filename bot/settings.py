"""The settings: read once from the environment, all faults named at once, secrets masked."""

import os
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.config import Config, read_config
from bot.immoteur import client as immoteur
from bot.kare import client as kare

Mode = Literal["serve", "socket", "log", "catalogue"]

REQUIRED: dict[Mode, tuple[str, ...]] = {
    "serve": ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "CONSTAT_DB"),
    "socket": ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "CONSTAT_DB"),
    "log": ("CONSTAT_DB",),
    "catalogue": ("CONSTAT_DB",),
}
TOGETHER = (("KARE_ACCESS_TOKEN", "KARE_SESSION_TOKEN"), ("KARE_EMAIL", "KARE_PASSWORD"))


class SettingsError(Exception):
    """Settings are missing or wrong: a sentence for each, none holding a secret."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


class Settings(BaseSettings):
    """Each field is the environment variable of the same name. An empty one counts as missing."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=True)

    slack_bot_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_api_url: str = "https://slack.com/api/"
    immoteur_api_url: str = immoteur.DEFAULT_URL
    immoteur_token: SecretStr | None = None
    kare_api_url: str = kare.DEFAULT_URL
    kare_access_token: SecretStr | None = None
    kare_session_token: SecretStr | None = None
    kare_email: str | None = Field(None, max_length=250)
    kare_password: SecretStr | None = Field(None, min_length=6, max_length=100)
    constat_db: Path = Path()
    constat_config: Path | None = None
    constat_language: Literal["en", "fr"] = "en"

    @field_validator(
        "slack_bot_token",
        "slack_signing_secret",
        "slack_app_token",
        "immoteur_token",
        "kare_access_token",
        "kare_session_token",
    )
    @classmethod
    def _fits_a_header(cls, secret: SecretStr | None) -> SecretStr | None:
        """A token is one word: a request cannot carry another. Blanks around it were pasted."""
        if secret is None or not secret.get_secret_value():
            return secret
        word = secret.get_secret_value().strip()
        if not re.fullmatch(r"[!-~]+", word):
            raise ValueError("it is blank, or holds spaces or letters that no token has")
        return SecretStr(word)

    @field_validator("slack_api_url", "immoteur_api_url", "kare_api_url")
    @classmethod
    def _address(cls, url: str) -> str:
        """One slash at the end: a base to which paths are added."""
        try:
            parts = urlsplit(url)
            whole = parts.scheme in {"http", "https"} and parts.hostname and (parts.port != 0)
        except ValueError:
            whole = False
        if not whole or not re.fullmatch(r"[^\s?#@]+", url):
            raise ValueError("it is no address that begins with https:// or http://")
        return url.rstrip("/") + "/"

    @field_validator("constat_db")
    @classmethod
    def _in_a_folder(cls, path: Path) -> Path:
        if path != Path() and not path.absolute().parent.is_dir():
            raise ValueError("its folder does not exist")
        return path

    @property
    def kare_set_up(self) -> bool:
        return self.kare_access_token is not None or self.kare_email is not None


def load(mode: Mode) -> tuple[Settings, Config]:
    """The settings that a mode needs, and the config.

    :raises SettingsError: with every fault
    """
    faults: list[str] = []
    settings = None
    try:
        settings = Settings()
    except ValidationError as error:
        faults += [
            f"{str(one['loc'][0]).upper()} is wrong: {_said(one)}"
            for one in error.errors(include_input=False)
        ]
    given = {name.upper() for name, value in os.environ.items() if value}
    faults += [f"{name} is missing" for name in REQUIRED[mode] if name not in given]
    for pair in TOGETHER:
        missing = [name for name in pair if name not in given]
        if len(missing) == 1:
            other = next(name for name in pair if name not in missing)
            faults.append(f"{missing[0]} is missing: {other} needs it")
    config = Config()
    try:
        config = read_config(Path(path) if (path := os.environ.get("CONSTAT_CONFIG")) else None)
    except ValidationError as error:
        faults += [
            f"CONSTAT_CONFIG: {_key(one['loc'])}: {_said(one)}"
            for one in error.errors(include_input=False)
        ]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.append(f"CONSTAT_CONFIG cannot be read: {error}")
    if faults or settings is None:
        raise SettingsError(faults)
    return settings, config


def _key(where: Iterable[int | str]) -> str:
    """A key of the TOML file, without the names that pydantic gives to a key's possible types."""
    types = re.compile(r"constrained-str|dict\[.*\]|\[key\]")
    return ".".join(part for part in map(str, where) if not types.fullmatch(part))


def _said(error: Any) -> str:
    """A validation error's sentence. It never holds what was given."""
    if error["type"] == "extra_forbidden":
        return "there is no such key"
    return str(error["msg"]).removeprefix("Value error, ")
