"""The workspaces that the bot was installed in.

Every row that belongs to a channel has the workspace whose token posts there, in `team` or by its
report. A person is stored by the id of `blocks.person`, which names every workspace but the first.
"""

from dataclasses import dataclass

from storage.engine import Database

INSTALLED = "(select coalesce(max(id), '') from workspaces where installed)"
"""SQL: the workspace whose token the bot has; empty until Slack has said it."""
PIECE = 500
"""Reports that one job changes at most, so that a form never waits behind thousands."""
_SMALL = {
    "drafts": "true",
    "notices": "true",
    "outages": "why not in ('token', 'late')",
    "posted_weeks": "true",
}
"""The tables that are filled at once, and which of their rows. An API has no workspace."""


@dataclass(frozen=True)
class Installation:
    """Ids of Slack; empty until Slack has given them."""

    home: str = ""
    """The workspace that the bot was installed in first."""
    team: str = ""
    """The workspace that the bot is installed in, or the organisation."""
    enterprise: str = ""


def installation(db: Database) -> Installation:
    home = db.execute("select id from workspaces where home").fetchone()
    row = db.execute("select id, enterprise from workspaces where installed").fetchone()
    if home is None or row is None:
        return Installation()
    return Installation(home["id"], row["id"], row["enterprise"])


def remember(db: Database, team: str, enterprise: str) -> Installation:
    """Store the workspace that Slack says the bot is installed in. The first one becomes the home,
    and gets the rows that were stored before it was known. Call `fill` for the reports.

    :param enterprise: the organisation of the workspace; empty without one
    """
    db.execute("update workspaces set installed = false where installed and id <> ?", [team])
    db.execute(
        "insert into workspaces (id, enterprise, home, installed)"
        " values (?, ?, not exists (select 1 from workspaces), true) on conflict (id)"
        " do update set enterprise = excluded.enterprise, installed = true",
        [team, enterprise],
    )
    for table, rows in _SMALL.items():
        db.execute(f"update {table} set team = ? where team = '' and {rows}", [team])  # noqa: S608
    return installation(db)


def fill(db: Database) -> bool:
    """Give the installed workspace to reports that have none. The audit trail does not hold it.

    :returns: whether there may be more
    """
    changed = db.execute(
        f"update reports set team = {INSTALLED} where number in"  # noqa: S608 - ours
        f" (select number from reports where team = '' order by number limit {PIECE})"
        " and exists (select 1 from workspaces where installed)"
    ).rowcount
    return bool(changed == PIECE)
