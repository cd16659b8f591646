"""People's names and languages, as Slack gives them."""

from storage.engine import Database


def remember(db: Database, user: str, locale: str, *, now: float, name: str = "") -> None:
    """:param locale: as Slack gives it, for example `fr-FR`"""
    db.execute(
        "insert into people (id, locale, asked_at, name) values (?, ?, ?, ?) on conflict (id)"
        " do update set locale = excluded.locale, asked_at = excluded.asked_at,"
        " name = excluded.name",
        [user, locale, now, name],
    )


def choose_language(db: Database, user: str, language: str | None) -> None:
    """:param language: None for that of the person's Slack profile"""
    db.execute(
        "insert into people (id, locale, asked_at, language) values (?, '', 0, ?)"
        " on conflict (id) do update set language = excluded.language",
        [user, language],
    )


def chosen_languages(db: Database) -> dict[str, str]:
    """By Slack user id. People who chose none are left out."""
    rows = db.execute("select id, language from people where language is not null")
    return dict(rows.fetchall())


def everyone(db: Database) -> dict[str, str]:
    """Locale by Slack user id."""
    return {row["id"]: row["locale"] for row in db.execute("select id, locale from people")}


def names(db: Database) -> dict[str, str]:
    """Name by Slack user id. People without a stored name are left out."""
    return dict(db.execute("select id, name from people where name <> ''").fetchall())
