"""Statements as PostgreSQL reads them. `storage` writes them once, as SQLite reads them.

The functions of `storage.postgres.functions` do the rest: in PostgreSQL they have the names and the
meaning of SQLite's.
"""

import re
from dataclasses import dataclass
from functools import cache

_PARTS = re.compile(
    r"""
    (?P<literal>'(?:[^']|'')*')
    | (?P<index>\bindexed\ by\ \w+)
    | (?P<plus>(?<=[\s(])\+(?=[a-z_]))
    | (?P<like>\blike\b)
    | (?P<regexp>\bregexp\b)
    | (?P<reserved>(?<!:)\buser\b)
    | (?P<named>(?<!:):(?P<name>[a-z_]\w*))
    | (?P<place>\?)
    """,
    re.VERBOSE,
)
_WORDS = {
    "index": "",
    "plus": "",
    "like": "ilike",
    "regexp": "~",
    "reserved": '"user"',
}
_CONTROL = {
    "begin": "begin isolation level repeatable read read only",
    "begin immediate": "begin",
}
_QUERY = re.compile(r"(select|with|insert|update|delete)\b")


@dataclass(frozen=True)
class Statement:
    text: bytes
    """In UTF-8, with PostgreSQL's placeholders: `$1` and so on."""
    names: tuple[str, ...]
    """The name of each placeholder; empty where the statement has none."""
    is_query: bool
    """Whether the server can plan it once, and keep it."""


@cache
def translated(sql: str) -> Statement:
    """A statement for PostgreSQL. A text is translated once and then remembered.

    - `?` and `:name` become `$1` and so on.
    - `like` ignores the case of ASCII letters in SQLite; `ilike` does in PostgreSQL.
    - `regexp` is `~`.
    - `indexed by` and a plus before a column only lead SQLite's planner.
    - `user` is a reserved word of PostgreSQL, and a column of ours.
    """
    plain = sql.strip()
    names: list[str] = []

    def translate(part: re.Match[str]) -> str:
        kind = part.lastgroup
        if kind == "place":
            names.append("")
            return f"${len(names)}"
        if kind in ("named", "name"):
            if part["name"] not in names:
                names.append(part["name"])
            return f"${names.index(part['name']) + 1}"
        return part[0] if kind == "literal" or kind is None else _WORDS[kind]

    text = _CONTROL.get(plain) or _PARTS.sub(translate, plain)
    return Statement(text.encode(), tuple(names), _QUERY.match(plain) is not None)
