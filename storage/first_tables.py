"""The SQL of the first steps of `storage.migrations`. It was released, and is never changed.

Times are UNIX seconds, UTC. payload, origin, cause and answer are JSON objects.
"""

FIRST = """
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

LOOKUPS = """
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

# source is kare or csv. An installation without a site_id only gives its name to every site's.
CATALOGUE = """
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
