"""KARE's side: establishments, the installations on their sites, visits, and anomalies of earlier
visits.
"""

import random
from typing import Any

from sandbox.catalogue.moments import utc
from sandbox.catalogue.places import TOWNS, Town

FIRST_VISIT = 1_577_865_600  # 2020-01-01 at 8 in the morning, UTC
DAY = 24 * 3600
VISIT_DAYS = 2000
LAST_VISIT = FIRST_VISIT + VISIT_DAYS * DAY
KINDS = (
    "École élémentaire", "Collège", "Lycée", "Gymnase", "Médiathèque", "EHPAD", "Crèche",
    "Centre commercial", "Hôtel de ville", "Piscine",
)  # fmt: skip
NAMES = (
    "Jean Jaurès", "Simone Veil", "Victor Hugo", "Marie Curie", "Jules Ferry", "Rosa Parks",
    "des Tilleuls", "du Parc", "Antoine de Saint-Exupéry", "Aimé Césaire", "des Remparts",
    "Louise Michel",
)  # fmt: skip
SITES = ("Bâtiment principal", "Bâtiment A", "Bâtiment B", "Salle polyvalente", "Annexe")
INSTALLATIONS = (
    "establishment_informations.installation_ascenseurs",
    "establishment_informations.installation_desenfumage",
    "establishment_informations.installation_alarme_incendie",
    "establishment_informations.installation_eclairage_securite",
    "establishment_informations.installation_electrique",
    "establishment_informations.installation_gaz",
    "establishment_informations.installation_chauffage",
    "establishment_informations.installation_cuisson",
    "establishment_informations.installation_extincteurs",
    "establishment_informations.installation_portes_automatiques",
    "establishment_informations.installation_ria",
    "establishment_informations.installation_colonnes_seches",
    "Système de sécurité incendie (SSI)", "Paratonnerre", "Groupe électrogène",
    "Ventilation et climatisation", "Portes coupe-feu", "Escaliers mécaniques",
    "Sprinkleurs", "Bornes de recharge", "Aire de jeux", "Équipements sportifs",
)  # fmt: skip
FIRST_TYPE, FIRST_ROW = 301, 500_001
FINDINGS = (
    "Porte coupe-feu qui ne se referme pas", "Bloc de secours éteint", "Extincteur non vérifié",
    "Issue de secours encombrée", "Essai annuel non consigné", "Câble apparent",
)  # fmt: skip

Row = dict[str, Any]


def make_establishment(rng: random.Random, number: int, site_count: int) -> Row:
    """Establishment `number` has site ids from 20,001 + 10 * number on."""
    town = rng.choice(TOWNS)
    kind, name = KINDS[number % len(KINDS)], NAMES[number // len(KINDS) % len(NAMES)]
    first = 20_001 + 10 * number
    return {
        "id": 1001 + number,
        "name": f"{kind} {name}",
        "city": town.name,
        "zipCode": _zip_code(rng, town),
        "sites": [
            {"id": first + at, "name": _site_name(rng, at, f"{kind} {name}")}
            for at in range(site_count)
        ],
    }


def make_installations(rng: random.Random, sites: list[int]) -> list[Row]:
    """About ten rows a site, one in ten archived; on every fortieth site, all of them.

    A type may be on a site twice, once archived. No row's id is also a technicalInstallationId.
    """
    rows: list[Row] = []
    for at, site in enumerate(sites):
        kinds = rng.sample(range(1, len(INSTALLATIONS)), k=rng.randint(8, 11))
        kinds = [0, *kinds, *rng.sample(kinds, k=rng.choice((0, 0, 1)))]
        for kind in kinds:
            is_archived = at % 40 == 39 or (kind > 0 and rng.random() < 0.1)
            rows.append(
                _installation(rng, FIRST_ROW + len(rows), site, kind, is_archived=is_archived)
            )
    return rows


def make_commission(rng: random.Random, number: int, establishment: Row, last_visit: int) -> Row:
    """A visit on one of the VISIT_DAYS days before `last_visit` (UNIX seconds), at 8, UTC."""
    shift = (last_visit - LAST_VISIT) // DAY * DAY
    visited = FIRST_VISIT + rng.randrange(VISIT_DAYS) * DAY + shift
    sites = establishment["sites"]
    visited_sites = sites[: rng.randint(1, min(3, len(sites)))]
    day = utc(visited)[:10]
    report = {"id": 88_001 + number, "name": f"Procès-verbal {establishment['name']} {day}"}
    return {
        "id": 7001 + number,
        "commissionDate": utc(visited),
        "report": None if number % 9 == 8 else report,
        "sites": visited_sites,
    }


def make_anomaly(rng: random.Random, number: int, commission: Row) -> Row:
    """An anomaly of an earlier visit. A higher number is a later date."""
    return {
        "id": 800_001 + number,
        "title": rng.choice(FINDINGS),
        "risk": rng.randint(0, 3),
        "siteId": rng.choice(commission["sites"])["id"],
        "createdAt": utc(FIRST_VISIT + number * 20 * DAY),
    }


def _installation(
    rng: random.Random, row_id: int, site: int, kind: int, *, is_archived: bool
) -> Row:
    row: Row = {
        "id": row_id,
        "siteId": site,
        "technicalInstallationId": FIRST_TYPE + kind,
        "archivedAt": utc(FIRST_VISIT + rng.randrange(1500) * DAY) if is_archived else None,
    }
    if kind == 0 or rng.random() > 0.06:
        row["technicalInstallation"] = {"id": FIRST_TYPE + kind, "name": INSTALLATIONS[kind]}
    return row


def _zip_code(rng: random.Random, town: Town) -> int | str:
    """A number or a text, as KARE answers. A number has lost its leading zero."""
    return town.postcode if rng.random() < 0.3 else int(town.postcode)


def _site_name(rng: random.Random, at: int, establishment: str) -> str:
    return SITES[at] if rng.random() < 0.4 else f"{establishment} – {SITES[at]}"
