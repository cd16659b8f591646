"""The language of each Slack user."""

from sqlite_utils import Database


def remember(db: Database, user: str, locale: str, *, now: float) -> None:
    """:param locale: as Slack gives it, for example `fr-FR`"""
    db.execute("insert or replace into people values (?, ?, ?)", [user, locale, now])


def everyone(db: Database) -> dict[str, str]:
    """Locale by Slack user id."""
    return {row["id"]: row["locale"] for row in db.execute("select id, locale from people")}
