"""Statements as PostgreSQL reads them. `storage` writes them once, as SQLite reads them.

The functions of `storage.postgres.functions` do the rest: in PostgreSQL they have the names and the
meaning of SQLite's.
"""

import re
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
    "place": "%s",
}
_CONTROL = {
    "begin": "begin isolation level repeatable read read only",
    "begin immediate": "begin",
}


@cache
def translated(sql: str) -> str:
    """A statement with psycopg's placeholders. A text is translated once and then remembered.

    - `?` and `:name` become `%s` and `%(name)s`.
    - `like` ignores the case of ASCII letters in SQLite; `ilike` does in PostgreSQL.
    - `regexp` is `~`.
    - `indexed by` and a plus before a column only lead SQLite's planner.
    - `user` is a reserved word of PostgreSQL, and a column of ours.
    """
    plain = sql.strip()
    return _CONTROL.get(plain) or _PARTS.sub(_translate, plain.replace("%", "%%"))


def _translate(part: re.Match[str]) -> str:
    kind = part.lastgroup
    if kind in ("named", "name"):
        return f"%({part['name']})s"
    return part[0] if kind == "literal" or kind is None else _WORDS[kind]
