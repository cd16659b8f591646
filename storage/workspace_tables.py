"""The tables and columns of the step that adds the workspace."""

# workspaces: a row is a workspace that the bot was installed in, or an organisation.
#   home: the first one. Its people are stored as U…, all others as T…/U…
#   installed: the one whose token the bot has.
# team: the workspace whose token posts about a row. It is empty in rows that were stored before
#   Slack has said it, and filled then.
WORKSPACES = """
create table workspaces (
    id text primary key,
    enterprise text not null default '',
    home boolean not null,
    installed boolean not null
);
create unique index workspaces_home on workspaces (home) where home;
create unique index workspaces_installed on workspaces (installed) where installed;
alter table reports add column team text not null default '';
create index reports_without_team on reports (number) where team = '';
alter table drafts add column team text not null default '';
alter table notices add column team text not null default '';
alter table outages add column team text not null default '';
drop index outages_open;
create unique index outages_open on outages (team, source, why) where ended_at is null;
create table posted_weeks_of_teams (
    team text not null default '',
    channel text not null,
    week text not null,
    at real not null,
    ts text,
    primary key (team, channel, week)
) without rowid;
insert into posted_weeks_of_teams (channel, week, at, ts)
    select channel, week, at, ts from posted_weeks;
drop table posted_weeks;
alter table posted_weeks_of_teams rename to posted_weeks
"""
