"""Copies of the lists that people choose from: sites, their installations, and visits' reports.

Each row has its source. A list that is fetched again replaces the rows of its own source only.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from storage.canonical_json import read_json
from storage.engine import Database

Source = Literal["kare", "csv"]
Name = Literal["sites", "installations", "visits"]
Versions = Mapping[tuple[str, str], float]
"""When each list was refreshed, UNIX seconds, by source and name."""


@dataclass(frozen=True)
class Site:
    id: int
    name: str
    establishment: str = ""
    city: str = ""
    zip_code: str = ""


@dataclass(frozen=True)
class Installation:
    site: int | None
    """None when the row only gives the name that this installation has at every site."""
    id: int
    name: str = ""


@dataclass(frozen=True)
class Visit:
    """A visit's report."""

    id: int
    name: str
    visited: str = ""
    """The day, as text that sorts; empty when KARE gives none."""
    sites: tuple[int, ...] = ()


@dataclass(frozen=True)
class Stored:
    """Every row by its source, and when each list was refreshed."""

    sites: Mapping[str, Sequence[Site]]
    installations: Mapping[str, Sequence[Installation]]
    visits: Mapping[str, Sequence[Visit]]
    versions: Versions


def replace_sites(db: Database, source: Source, rows: Sequence[Site], *, now: float) -> None:
    db.execute("delete from sites where source = ?", [source])
    db.conn.executemany(
        "insert into sites (source, id, name, establishment, city, zip_code)"
        " values (?, ?, ?, ?, ?, ?)",
        [(source, row.id, row.name, row.establishment, row.city, row.zip_code) for row in rows],
    )
    _refreshed(db, source, "sites", now)


def replace_installations(
    db: Database, source: Source, rows: Sequence[Installation], *, now: float
) -> None:
    db.execute("delete from installations where source = ?", [source])
    db.conn.executemany(
        "insert into installations (source, site_id, id, name) values (?, ?, ?, ?)",
        [(source, row.site, row.id, row.name) for row in rows],
    )
    _refreshed(db, source, "installations", now)


def replace_visits(db: Database, source: Source, rows: Sequence[Visit], *, now: float) -> None:
    db.execute("delete from visits where source = ?", [source])
    db.conn.executemany(
        "insert into visits (source, id, name, visited, sites) values (?, ?, ?, ?, ?)",
        [(source, row.id, row.name, row.visited, json.dumps(row.sites)) for row in rows],
    )
    _refreshed(db, source, "visits", now)


def replace_by_csv(
    db: Database, rows: Sequence[Site] | Sequence[Installation], *, now: float
) -> Name:
    """:returns: which list was replaced"""
    sites = [row for row in rows if isinstance(row, Site)]
    if sites:
        replace_sites(db, "csv", sites, now=now)
        return "sites"
    installations = [row for row in rows if isinstance(row, Installation)]
    replace_installations(db, "csv", installations, now=now)
    return "installations"


def versions(db: Database) -> Versions:
    rows = db.execute("select source, list, refreshed_at from catalogue")
    return {(row["source"], row["list"]): row["refreshed_at"] for row in rows}


def load(db: Database) -> Stored:
    sites: dict[str, list[Site]] = {}
    for source, *row in db.execute(
        "select source, id, name, establishment, city, zip_code from sites"
    ):
        sites.setdefault(source, []).append(Site(*row))
    installations: dict[str, list[Installation]] = {}
    for source, *row in db.execute("select source, site_id, id, name from installations"):
        installations.setdefault(source, []).append(Installation(*row))
    visits: dict[str, list[Visit]] = {}
    for source, number, name, visited, text in db.execute(
        "select source, id, name, visited, sites from visits"
    ):
        site_ids = tuple(read_json(text) or ())
        visits.setdefault(source, []).append(Visit(number, name, visited, site_ids))
    return Stored(sites, installations, visits, versions(db))


def _refreshed(db: Database, source: Source, name: Name, now: float) -> None:
    """Two replacements at the same time get different versions."""
    before = versions(db).get((source, name), 0.0)
    at = max(now, before + 0.001)
    db.execute(
        "insert into catalogue (source, list, refreshed_at) values (?, ?, ?)"
        " on conflict (source, list) do update set refreshed_at = excluded.refreshed_at",
        [source, name, at],
    )
