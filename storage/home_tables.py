"""The tables of events and of App Homes, and the indexes of a person's list of reports.

A trigger keeps each Home as fresh as the receipts: a change that makes a receipt outdated makes the
Home of its reporter outdated too, in the same transaction.
"""

# Times are UNIX seconds, UTC. facts, shown and notice are JSON objects.
# An event without next_try was worked on. A home is outdated while published is behind version.
_TABLES = """
create table events (
    id text primary key,
    type text not null,
    received_at real not null,
    facts text not null,
    next_try real,
    failures integer not null default 0,
    owner text,
    lease real
) without rowid;
create index events_due on events (next_try) where next_try is not null;
create index events_by_time on events (received_at);
create table homes (
    user text primary key,
    team text not null,
    channel text not null,
    sees_all integer not null,
    opened_at real not null,
    shown text not null default '{}',
    notice text,
    version integer not null default 1,
    published integer not null default 0,
    next_try real not null,
    failures integer not null default 0,
    owner text,
    lease real
) without rowid;
create index homes_outdated on homes (next_try) where published < version;
create index homes_of_admins on homes (user) where sees_all;
create index homes_by_time on homes (opened_at);
create index reports_of_person on reports (who, number);
create index reports_of_person_by_state on reports (who, state, number);
create index reports_of_person_by_kind on reports (who, kind, number);
create index reports_in_need on reports (number, who, state)
    where state in ('held', 'refused', 'unknown')
"""
_OF_RECEIPT = """
create trigger {name} after {event} on receipts begin
    update homes set version = version + 1
    where user = (select who from reports where number = new.number);
    update homes set version = version + 1 where sees_all
    and user <> (select who from reports where number = new.number);
end
"""
_OF_DRAFT = """
create trigger homes_draft_{name} after {event} on drafts begin
    update homes set version = version + 1 where user = {row}.who;
end
"""
# An anomaly that is being typed changes the draft all the time, and no line of a Home.
_OF_ANOMALY = """
create trigger homes_draft_anomaly_{event} after {event} on draft_anomalies begin
    update homes set version = version + 1
    where user = (select who from drafts where key = {row}.key);
end
"""
HOME = (
    *_TABLES.split(";"),
    _OF_RECEIPT.format(name="homes_new_report", event="insert"),
    _OF_RECEIPT.format(name="homes_changed_report", event="update of version"),
    _OF_DRAFT.format(name="begun", event="insert", row="new"),
    _OF_DRAFT.format(name="moved", event="update of key", row="new"),
    _OF_DRAFT.format(name="gone", event="delete", row="old"),
    _OF_ANOMALY.format(event="insert", row="new"),
    _OF_ANOMALY.format(event="update", row="new"),
    _OF_ANOMALY.format(event="delete", row="old"),
)
"""Statements."""
