"""The shape of the file, step by step. A step that was released is never changed."""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from storage.first_tables import FIRST
from storage.notice_tables import NOTICES

migrations = Migrations("constat")


@migrations(name="2026-11-21 reports, receipts, calls and people")
def _first(db: Database) -> None:
    for statement in FIRST.split(";"):
        db.execute(statement)


@migrations(name="2026-11-21 lookups and habits")
def _lookups(db: Database) -> None:
    for statement in _LOOKUPS.split(";"):
        db.execute(statement)


_LOOKUPS = """
create table lookups (
    token text primary key,
    found text not null,
    until real not null
) without rowid;
create index lookups_until on lookups (until);
create table habits (
    who text not null,
    habit text not null,
    value text not null,
    primary key (who, habit)
) without rowid
"""


@migrations(name="2026-11-21 catalogue and baskets")
def _catalogue(db: Database) -> None:
    for statement in _CATALOGUE.split(";"):
        db.execute(statement)


# source is kare or csv. An installation without a site_id only gives its name to every site's.
_CATALOGUE = """
create table sites (
    source text not null,
    id integer not null,
    name text not null,
    establishment text not null,
    city text not null,
    zip_code text not null,
    primary key (source, id)
) without rowid;
create table installations (
    source text not null,
    site_id integer,
    id integer not null,
    name text not null
);
create table visits (
    source text not null,
    id integer not null,
    name text not null,
    visited text not null,
    sites text not null,
    primary key (source, id)
) without rowid;
create table catalogue (
    source text not null,
    list text not null,
    refreshed_at real not null,
    primary key (source, list)
) without rowid;
create table baskets (
    key text primary key,
    who text not null,
    channel text not null,
    edits integer,
    head text not null,
    changed_at real not null
) without rowid;
create index baskets_of on baskets (who);
create table findings (
    key text not null references baskets (key) on delete cascade on update cascade,
    number integer not null,
    body text not null,
    primary key (key, number)
) without rowid;
create index reports_edited on reports (edit_key) where edit_key is not null
"""


@migrations(name="2026-11-27 drafts, and versions of receipts")
def _names(db: Database) -> None:
    """Tables and columns get the names that the code uses."""
    for statement in _NAMES.split(";"):
        db.execute(statement)


_NAMES = """
alter table baskets rename to drafts;
alter table findings rename to draft_anomalies;
alter table receipts rename column news to version;
alter table receipts rename column told to posted
"""


@migrations(name="2026-11-27 reports by when they were sent")
def _sent(db: Database) -> None:
    """Reports that may have arrived are found without a scan of all reports."""
    db.execute("create index reports_sent on reports (api, changed_at) where attempts > 0")


@migrations(name="2026-11-27 drafts number their anomalies")
def _numbers(db: Database) -> None:
    """A draft remembers the highest number it gave, and for each anomaly the version of the form's
    fields that it was added from.
    """
    db.execute("alter table drafts add column last_number integer not null default 0")
    db.execute("alter table draft_anomalies add column fields_version integer")


@migrations(name="2026-11-27 indexes and names for the operator's commands")
def _operator(db: Database) -> None:
    """Reports are found by their time and among the unfinished ones. People have names."""
    for statement in _OPERATOR.split(";"):
        db.execute(statement)


_OPERATOR = """
create index reports_by_time on reports (created_at);
create index reports_unfinished on reports (number) where state not in ('filed', 'discarded');
alter table people add column name text not null default ''
"""


@migrations(name="2026-11-27 salts and erasures")
def _erasure(db: Database) -> None:
    """Hashes get a salt, so that they reveal nothing of what was erased. What was erased is marked.

    `history.erased_by` is the id of the later history row that covers an erased one.
    """
    for statement in _ERASURE.split(";"):
        db.execute(statement)


_ERASURE = """
alter table reports add column salt text;
alter table reports add column erased_at real;
alter table history add column salt text;
alter table history add column erased_by integer
"""


@migrations(name="2026-11-27 targets by their report")
def _targets(db: Database) -> None:
    """An edit or an erasure of one report needs no scan of all targets."""
    db.execute("create index targets_of on targets (number)")


@migrations(name="2026-11-27 notices, alerts and outages")
def _notices(db: Database) -> None:
    """People are told of bad news by messages of their own. A waiting report has a time at which
    its reporter is told that it is late.
    """
    for statement in NOTICES.split(";"):
        db.execute(statement)
