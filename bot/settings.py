"""The settings: read once from the environment. All faults are named at once, without secrets."""

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
)

from bot import link_domains
from bot.photos import extra
from bot.setting_checks import CHECKS, unquoted
from bot.setting_names import misspelt
from bot.settings_error import SettingsError
from bot.validation import by_key, sentence
from storage.address import DatabaseAddress, parse_address

if TYPE_CHECKING:
    from bot.config import Config

__all__ = ["NO_API", "REQUIRED", "Mode", "Settings", "SettingsError", "load", "load_settings"]

Mode = Literal["serve", "socket", "log", "catalogue"]

REQUIRED: dict[Mode, tuple[str, ...]] = {
    "serve": ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "CONSTAT_DB"),
    "socket": ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "CONSTAT_DB"),
    "log": ("CONSTAT_DB",),
    "catalogue": ("CONSTAT_DB",),
}
TOGETHER = (("KARE_ACCESS_TOKEN", "KARE_SESSION_TOKEN"), ("KARE_EMAIL", "KARE_PASSWORD"))
"""Pairs of which both settings are needed, or none."""
APIS = ("IMMOTEUR_TOKEN", *TOGETHER[0], *TOGETHER[1])
"""With none of these, no report can be filed."""
NO_API = "neither Immoteur nor KARE is set up: set IMMOTEUR_TOKEN, or KARE_EMAIL and KARE_PASSWORD"
NO_PILLOW = (
    "CONSTAT_CONFIG: photos = true needs more packages:"
    f" {sys.executable} -m pip install Pillow pillow-heif"
)


class _ConfigPath(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    constat_config: Path | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _without_quotes(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, str) and info.field_name != "kare_password":
            return unquoted(value)
        return value


class Settings(_ConfigPath):
    """Each field is the environment variable of the same name. An empty one counts as missing."""

    model_config = ConfigDict(extra="forbid")

    slack_bot_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_api_url: str = "https://slack.com/api/"
    immoteur_api_url: str = "https://api.immoteur.com/public/v1/"
    immoteur_token: SecretStr | None = None
    kare_api_url: str = "https://z52mnqg347.execute-api.eu-west-3.amazonaws.com/main/"
    kare_access_token: SecretStr | None = None
    kare_session_token: SecretStr | None = None
    kare_email: str | None = Field(None, max_length=250)
    kare_password: SecretStr | None = Field(None, min_length=6, max_length=100)
    constat_db: DatabaseAddress = Path()
    constat_language: Literal["en", "fr"] = "en"
    constat_health: str = ""
    constat_log: Literal["text", "json"] = "text"
    constat_socket_connections: int = Field(1, ge=1, le=10)
    constat_unfurl_domains: tuple[link_domains.Domain, ...] = ()

    @field_validator(*CHECKS, mode="wrap")
    @classmethod
    def _credential(
        cls, value: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> Any:
        given = value.get_secret_value() if isinstance(value, SecretStr) else value
        if isinstance(given, str) and given and info.field_name is not None:
            given = CHECKS[info.field_name](given)
        return handler(given)

    @field_validator("constat_unfurl_domains", mode="before")
    @classmethod
    def _domains(cls, value: Any) -> Any:
        return link_domains.parted(value)

    @field_validator("slack_api_url", "immoteur_api_url", "kare_api_url")
    @classmethod
    def _address(cls, url: str) -> str:
        """One slash at the end: paths are added to this address."""
        try:
            parts = urlsplit(url)
            whole = parts.scheme in {"http", "https"} and parts.hostname and (parts.port != 0)
        except ValueError:
            whole = False
        if not whole or not re.fullmatch(r"[^\s?#@]+", url):
            raise ValueError("it is not an address that begins with https:// or http://")
        return url.rstrip("/") + "/"

    @field_validator("constat_db", mode="plain")
    @classmethod
    def _path_or_address(cls, value: str | DatabaseAddress) -> DatabaseAddress:
        address = parse_address(unquoted(value)) if isinstance(value, str) else value
        if not isinstance(address, Path):
            return address
        if isinstance(value, str) and not address.name:
            raise ValueError("it is a folder; add the name of a file")
        if address != Path() and not address.absolute().parent.is_dir():
            raise ValueError("its folder does not exist")
        return address

    @property
    def kare_set_up(self) -> bool:
        return self.kare_access_token is not None or self.kare_email is not None


def load_settings(mode: Mode) -> Settings:
    """The settings that a mode needs. The config is not read.

    :raises SettingsError: with every fault
    """
    settings, faults = _settings(mode, _environment())
    if faults or settings is None:
        raise SettingsError(faults)
    return settings


def load(mode: Mode) -> tuple[Settings, "Config"]:
    """The settings that a mode needs, and the config.

    :raises SettingsError: with every fault
    """
    # A command that only reads the database needs no config, and this import takes long.
    from bot.config import Config, read_config  # noqa: PLC0415

    environment = _environment()
    settings, faults = _settings(mode, environment)
    config = Config()
    try:
        config = read_config(_ConfigPath.model_validate(environment).constat_config)
    except ValidationError as error:
        if error.title != _ConfigPath.__name__:  # that fault is among those of the settings
            faults += [f"CONSTAT_CONFIG: {key}: {sentence(what)}" for key, what in by_key(error)]
    except OSError as error:
        faults.append(f"CONSTAT_CONFIG cannot be read: {error.strerror}: {error.filename}")
    except UnicodeDecodeError:
        faults.append("CONSTAT_CONFIG is not in UTF-8: save the file as UTF-8")
    except ValueError as error:  # also of a number with thousands of digits
        faults.append(f"CONSTAT_CONFIG is not a TOML file: {error}")
    if config.photos and not extra.is_installed():
        faults.append(NO_PILLOW)
    if faults or settings is None:
        raise SettingsError(faults)
    return settings, config


def _environment() -> Mapping[str, str]:
    """The variables that are settings, by their fields, and the names of those that are probably
    misspelt ones. An empty variable counts as missing.
    """
    variables = {name.upper(): value for name, value in os.environ.items() if value}
    values = {name.lower(): variables[name] for name in _names() if name in variables}
    return values | {name.lower(): "" for name in misspelt(variables, _names())}


def _settings(mode: Mode, environment: Mapping[str, str]) -> tuple[Settings | None, list[str]]:
    """The settings, and a sentence for each fault."""
    faults = _missing(mode, {name.upper() for name in environment})
    try:
        return Settings.model_validate(environment), faults
    except ValidationError as error:
        return None, [_fault(key.upper(), what) for key, what in by_key(error)] + faults


def _missing(mode: Mode, given: set[str]) -> list[str]:
    """A sentence for each setting that is not given. A misspelt one is named elsewhere."""
    meant = given | set(misspelt(given, _names()).values())
    faults = [f"{name} is missing" for name in REQUIRED[mode] if name not in meant]
    for pair in TOGETHER:
        for name, other in (pair, pair[::-1]):
            if other in given and name not in meant:
                faults.append(f"{name} is missing: {other} needs it")
    if mode in {"serve", "socket"} and meant.isdisjoint(APIS):
        faults.append(NO_API)
    return faults


def _fault(name: str, error: Any) -> str:
    """:param name: of the setting; behind a point the place of an entry of it, from 0"""
    name, _, place = name.partition(".")
    name += f", entry {int(place) + 1}," if place.isdigit() else ""
    if error["type"] == "extra_forbidden":
        return f"{name} is not a setting; did you mean {misspelt([name], _names())[name]}?"
    return f"{name} is wrong: {sentence(error)}"


def _names() -> list[str]:
    return [name.upper() for name in Settings.model_fields]
