"""The steps of the database after those of `migrations.py`."""

from sqlite_utils import Database

from storage.home_tables import HOME
from storage.migrations import migrations

__all__ = ["migrations"]


@migrations(name="2026-11-27 drafts keep what is being typed")
def _unfinished(db: Database) -> None:
    """A draft keeps the values of the fields that nobody has added to it yet, as JSON."""
    db.execute("alter table drafts add column unfinished text")


@migrations(name="2026-11-27 events and App Homes")
def _home(db: Database) -> None:
    """Events are stored before they are worked on. People's Homes are published from the file."""
    for statement in HOME:
        db.execute(statement)
