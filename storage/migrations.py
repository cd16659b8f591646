"""The shape of the file, step by step. A step that was released is never changed."""

from functools import cache

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from storage.count_tables import COUNTS
from storage.first_tables import CATALOGUE, FIRST, LOOKUPS
from storage.home_tables import HOME
from storage.notice_tables import NOTICES
from storage.photo_tables import PHOTOS
from storage.report_texts import REPORT_TEXTS
from storage.sharing_tables import SHARING
from storage.workspace_tables import WORKSPACES

migrations = Migrations("constat")


@cache
def all_steps() -> tuple["Migrations._Migration", ...]:
    """Every step of this version, in order."""
    return tuple(migrations.pending(Database(memory=True)))


@migrations(name="2026-11-21 reports, receipts, calls and people")
def _first(db: Database) -> None:
    for statement in FIRST.split(";"):
        db.execute(statement)


@migrations(name="2026-11-21 lookups and habits")
def _lookups(db: Database) -> None:
    for statement in LOOKUPS.split(";"):
        db.execute(statement)


@migrations(name="2026-11-21 catalogue and baskets")
def _catalogue(db: Database) -> None:
    for statement in CATALOGUE.split(";"):
        db.execute(statement)


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


@migrations(name="2026-11-27 names on receipts, openers and further messages")
def _labels(db: Database) -> None:
    """Reports keep the names that were known when they were sent. Openers are updated, and what has
    no room in a receipt's message is in further ones.

    `opener_shown` and `shown` are digests of what the message in Slack shows.
    """
    for statement in _LABELS.split(";"):
        db.execute(statement)


_LABELS = """
alter table reports add column labels text;
alter table receipts add column opener_ts text;
alter table receipts add column opener_shown text;
update receipts set opener_ts = (
    select ts from messages where messages.number = receipts.number and what = 'opener'
    order by id desc limit 1
) where number in (select number from reports where state not in ('filed', 'discarded'));
create table receipt_parts (
    number integer not null references receipts (number),
    part integer not null,
    channel text not null,
    ts text not null,
    shown text not null,
    primary key (number, part)
) without rowid
"""


@migrations(name="2026-11-27 notices, alerts and outages")
def _notices(db: Database) -> None:
    """People are told of bad news by messages of their own. A waiting report has a time at which
    its reporter is told that it is late.
    """
    for statement in NOTICES.split(";"):
        db.execute(statement)


@migrations(name="2026-11-27 counts of reports")
def _counts(db: Database) -> None:
    """Reports are counted by kind and state while they change, so that no scan has to count them.

    Triggers count for every program that writes the file.
    """
    for statement in COUNTS:
        db.execute(statement)


@migrations(name="2026-11-27 posted weeks")
def _weeks(db: Database) -> None:
    """The file remembers which week was posted in which channel, so that none is posted twice.

    `week` is the date of its Monday. `ts` is missing until Slack has confirmed the message.
    """
    db.execute(
        "create table posted_weeks (channel text not null, week text not null, at real not null,"
        " ts text, primary key (channel, week)) without rowid"
    )


@migrations(name="2026-11-27 drafts keep what is being typed")
def _unfinished(db: Database) -> None:
    """A draft keeps the values of the fields that nobody has added to it yet, as JSON."""
    db.execute("alter table drafts add column unfinished text")


@migrations(name="2026-11-27 events and App Homes")
def _home(db: Database) -> None:
    """Events are stored before they are worked on. People's Homes are published from the file."""
    for statement in HOME:
        db.execute(statement)


@migrations(name="2026-11-27 unfurled links")
def _unfurls(db: Database) -> None:
    """Hashes of messages and their links, so that no link is unfurled twice."""
    db.execute("create table unfurls (hash text primary key, at real not null) without rowid")
    db.execute("create index unfurls_by_time on unfurls (at)")


@migrations(name="2026-11-27 languages that people chose")
def _languages(db: Database) -> None:
    """A person may choose another language than that of their Slack profile."""
    db.execute("alter table people add column language text")


@migrations(name="2026-11-27 photos")
def _photos(db: Database) -> None:
    """The files in Slack that belong to a report, and what became of each in the API."""
    for statement in PHOTOS.split(";"):
        db.execute(statement)


@migrations(name="2026-11-27 answers that were begun")
def _begun_answers(db: Database) -> None:
    """When the work on an event began whose effect in Slack must not happen twice. UNIX seconds."""
    db.execute("alter table events add column begun_at real")


@migrations(name="2026-11-27 two engines and several processes")
def _sharing(db: Database) -> None:
    """The tables that a PostgreSQL database needs, and a file has, too."""
    for statement in SHARING:
        db.execute(statement)


@migrations(name="2026-11-27 workspaces")
def _workspaces(db: Database) -> None:
    """Whatever belongs to a channel has a workspace, and the keys with a channel have it, too."""
    for statement in WORKSPACES.split(";"):
        db.execute(statement)


@migrations(name="2026-11-28 texts that reports are searched by")
def _report_texts(db: Database) -> None:
    """Reports are searched by a stored text. The bot adds those of older reports in pieces."""
    for statement in REPORT_TEXTS:
        db.execute(statement)
