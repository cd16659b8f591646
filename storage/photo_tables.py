"""The table of photos, and the photos of drafts, as the step that adds them makes them."""

# A row is one file of one report, from the moment at which the report is stored. thing is the
# place, among the things of the report, of the thing that the photo shows; from 0 on. target is the
# API's id of that thing, once it was found. begun_at is set right before the API is asked to take
# the photo. cause is a JSON object. The photos of an anomaly in a draft are a JSON array of texts,
# in a shape of the form's.
PHOTOS = """
create table photos (
    id integer primary key,
    number integer not null references reports (number),
    thing integer not null,
    file text not null,
    name text not null,
    mimetype text not null,
    size integer not null,
    state text not null,
    cause text not null default '{}',
    changed_at real not null,
    failures integer not null default 0,
    next_try real not null,
    owner text,
    lease real,
    begun_at real,
    target text,
    remote_id text
);
create unique index photos_of_report on photos (number, thing, file);
create index photos_due on photos (next_try) where state in ('waiting', 'sending');
alter table draft_anomalies add column photos text
"""
