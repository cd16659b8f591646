"""The shape of the file, step by step. A step that was released is never changed."""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("constat")


@migrations(name="2026-11-21 reports, receipts, calls and people")
def _first(db: Database) -> None:
    for statement in _FIRST.split(";"):
        db.execute(statement)


# Times are UNIX seconds, UTC. payload, origin, cause and answer are JSON objects.
_FIRST = """
create table reports (
    number integer primary key autoincrement,
    key text not null unique,
    edit_key text,
    kind text not null,
    api text not null,
    who text not null,
    created_at real not null,
    origin text not null,
    payload text not null,
    state text not null,
    cause text not null,
    changed_at real not null,
    attempts integer not null default 0,
    next_try real not null,
    owner text,
    lease real,
    remote_id text,
    answer text not null default '{}'
);
create index reports_to_send on reports (api, number) where state = 'waiting';
create index reports_due on reports (api, next_try) where state = 'waiting';
create index reports_in_flight on reports (lease) where state = 'sending';
create index reports_held on reports (api) where state = 'held';
create index reports_of_kind on reports (kind, number);
create index reports_in_doubt on reports (api, changed_at) where state = 'unknown';
create table targets (
    target text not null,
    kind text not null,
    number integer not null references reports (number),
    primary key (kind, target, number)
) without rowid;
create table history (
    id integer primary key autoincrement,
    number integer not null references reports (number),
    at real not null,
    who text,
    state text not null,
    cause text not null,
    report_hash text not null,
    hash text not null
);
create index history_of on history (number);
create table receipts (
    number integer primary key references reports (number),
    news integer not null default 1,
    told integer not null default 0,
    next_try real not null,
    failures integer not null default 0,
    owner text,
    lease real,
    thread_channel text not null,
    thread_ts text,
    direct integer not null default 0,
    channel text,
    ts text,
    place text generated always as (iif(direct, coalesce(channel, ''), thread_channel)) virtual
);
create index receipts_by_place on receipts (place, next_try, number) where told < news;
create table calls (
    id integer primary key,
    number integer references reports (number),
    at real not null,
    api text not null,
    method text not null,
    path text not null,
    status integer,
    milliseconds real not null,
    error text
);
create index calls_of on calls (number);
create table messages (
    id integer primary key,
    number integer not null references reports (number),
    at real not null,
    what text not null,
    channel text not null,
    ts text not null,
    thread_ts text
);
create index messages_of on messages (number);
create table people (
    id text primary key,
    locale text not null,
    asked_at real not null
) without rowid
"""


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
