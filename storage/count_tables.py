"""The table of counts of reports and its triggers, as the step that adds them makes them."""

COUNTS = (
    """
    create table report_counts (
        kind text not null,
        state text not null,
        reports integer not null,
        primary key (kind, state)
    ) without rowid
    """,
    "insert into report_counts select kind, state, count(*) from reports group by kind, state",
    """
    create trigger reports_counted_when_added after insert on reports begin
        insert into report_counts values (new.kind, new.state, 1)
            on conflict do update set reports = reports + 1;
    end
    """,
    """
    create trigger reports_counted_when_changed after update of kind, state on reports
    when old.kind <> new.kind or old.state <> new.state begin
        update report_counts set reports = reports - 1 where kind = old.kind and state = old.state;
        insert into report_counts values (new.kind, new.state, 1)
            on conflict do update set reports = reports + 1;
    end
    """,
    """
    create trigger reports_counted_when_deleted after delete on reports begin
        update report_counts set reports = reports - 1 where kind = old.kind and state = old.state;
    end
    """,
)
