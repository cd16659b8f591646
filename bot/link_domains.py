"""The domains whose links are unfurled, as an operator names them and Slack matches them.

Source: https://docs.slack.dev/messaging/unfurling-links-in-messages and Slack's manifest schema.
"""

import re
from collections.abc import Collection, Iterable
from typing import Annotated, Any

from pydantic import AfterValidator

MOST = 5
"""Domains that Slack takes."""
LONGEST = 255
"""Characters of a domain."""
_SHAPE = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_SEPARATORS = re.compile(r"[\s,;]+")


def checked(domain: str) -> str:
    """A domain in small letters.

    :raises ValueError: with a sentence for the operator, which does not contain the domain
    """
    name = domain.strip().lower()
    if "/" in name or ":" in name:
        raise ValueError("give the domain alone, without https:// and without a path")
    if "*" in name:
        raise ValueError("leave the * out: a domain holds for everything below it")
    if len(name) > LONGEST or not _SHAPE.fullmatch(name):
        raise ValueError("it is not a domain, such as example.com")
    return name


Domain = Annotated[str, AfterValidator(checked)]


def parted(value: Any) -> Any:
    """The entries of a variable of the environment: separated by commas, semicolons or blanks.

    :raises ValueError: when there are more than Slack takes
    """
    parts = [part for part in _SEPARATORS.split(value) if part] if isinstance(value, str) else value
    if isinstance(parts, Collection) and len(parts) > MOST:
        raise ValueError(f"Slack takes {MOST} domains at most")
    return parts


def covers(domains: Iterable[str], host: str) -> bool:
    """Whether Slack matches a host with one of the domains: by its end, part by part."""
    name = host.lower().rstrip(".")
    return any(name == domain or name.endswith(f".{domain}") for domain in domains)
