"""What a file of SQLite lacks of this version's shape. The check is for SQLite only: it reads
`sqlite_master`.
"""

from contextlib import closing
from functools import cache

from sqlite_utils import Database as SqliteDatabase

from storage.engine import Database
from storage.migrations import migrations


def missing_parts(db: Database) -> list[str]:
    """The tables, columns, indexes and triggers that this version needs and the file lacks, such as
    `table photos`. Somebody removed them by hand, if the file lacks no step.
    """
    missing = _needed() - _parts(db)
    tables = {part.removeprefix("table ") for part in missing if part.startswith("table ")}
    # The columns of a table that is missing go without saying.
    return sorted(part for part in missing if _table_of(part) not in tables)


@cache
def _needed() -> frozenset[str]:
    with closing(SqliteDatabase(memory=True)) as db:
        migrations.apply(db)
        return _parts(db)


def _table_of(part: str) -> str | None:
    """The table of a column such as `column photos.file`."""
    kind, _, name = part.partition(" ")
    return name.partition(".")[0] if kind == "column" else None


def _parts(db: Database) -> frozenset[str]:
    parts = db.execute(
        "select type || ' ' || name from sqlite_master where name not like 'sqlite\\_%' escape '\\'"
        " union all select 'column ' || tables.name || '.' || columns.name"
        " from sqlite_master as tables join pragma_table_xinfo(tables.name) as columns"
        " where tables.type = 'table'"
    )
    return frozenset(row[0] for row in parts)
