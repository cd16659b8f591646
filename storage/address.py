"""Where the database is: the path of a SQLite file, or the address of a PostgreSQL database."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

SCHEMES = ("postgresql://", "postgres://")


@dataclass(frozen=True)
class PostgresAddress:
    """The address of a PostgreSQL database, as libpq reads it."""

    url: str
    durable: bool = True
    """False for a server of the tests, whose commits need not survive a power cut."""

    def __str__(self) -> str:
        """The address without its password and its parameters, for messages."""
        parts = urlsplit(self.url)
        user, at, hosts = parts.netloc.rpartition("@")
        name = user.partition(":")[0]
        return urlunsplit((parts.scheme, f"{name}{at}{hosts}", parts.path, "", ""))

    def __repr__(self) -> str:
        return f"PostgresAddress({str(self)!r})"


DatabaseAddress = Path | PostgresAddress


def parse_address(text: str) -> DatabaseAddress:
    """The value of CONSTAT_DB.

    :raises ValueError: when it looks like an address of another kind of database
    """
    if text.startswith(SCHEMES):
        return PostgresAddress(text)
    if "://" in text:
        raise ValueError("it is neither a path nor an address that begins with postgresql://")
    return Path(text)
