"""The tables of notices, alerts and outages, as the step that adds them makes them."""

# outages: source is an API's name or a channel's id; why is token, late, or Slack's error.
# notices: a row is one message. It is to be posted or updated while posted is below version.
#   place is empty for a message in the thread of the report's receipt.
#   began_at is set right before the message is posted.
NOTICES = """
create table outages (
    id integer primary key,
    source text not null,
    why text not null,
    facts text not null default '{}',
    began_at real not null,
    ended_at real
);
create unique index outages_open on outages (source, why) where ended_at is null;
create table alerts (
    number integer primary key references reports (number),
    seen_by text,
    seen_at real
);
create table notices (
    id integer primary key,
    key text not null unique,
    what text not null,
    who text not null default '',
    number integer references reports (number),
    outage integer references outages (id),
    place text not null default '',
    thread_ts text,
    channel text,
    ts text,
    version integer not null default 1,
    posted integer not null default 0,
    posted_at real,
    began_at real,
    next_try real not null,
    failures integer not null default 0,
    owner text,
    lease real
);
create index notices_due on notices (next_try) where posted < version;
create index notices_of on notices (number);
create index notices_of_outage on notices (outage) where outage is not null;
alter table reports add column late_at real;
create index reports_late on reports (late_at) where state = 'waiting' and late_at is not null;
update reports set late_at = created_at + 3600 where state in ('waiting', 'sending', 'held')
"""
