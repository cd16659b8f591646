"""Towns and streets."""

import random
import unicodedata
from typing import NamedTuple


class Town(NamedTuple):
    name: str
    insee: str
    postcode: str
    square_metre: int  # euros, for sale

    @property
    def department(self) -> str:
        return self.insee[:2]

    @property
    def slug(self) -> str:
        return slug(self.name)


TOWNS = (
    Town("Lyon 3e Arrondissement", "69383", "69003", 4600),
    Town("Villeurbanne", "69266", "69100", 3700),
    Town("Paris 11e Arrondissement", "75111", "75011", 9800),
    Town("Marseille 8e Arrondissement", "13208", "13008", 4900),
    Town("Bordeaux", "33063", "33000", 4500),
    Town("Nantes", "44109", "44000", 3600),
    Town("Lille", "59350", "59000", 3500),
    Town("Rennes", "35238", "35000", 3900),
    Town("Toulouse", "31555", "31000", 3600),
    Town("Montpellier", "34172", "34000", 3500),
    Town("Strasbourg", "67482", "67000", 3800),
    Town("Grenoble", "38185", "38000", 2500),
    Town("Annecy", "74010", "74000", 5200),
    Town("Dijon", "21231", "21000", 2500),
    Town("Angers", "49007", "49000", 3200),
    Town("Saint-Étienne", "42218", "42000", 1300),
    Town("Bourg-en-Bresse", "01053", "01000", 2000),
    Town("Nice", "06088", "06000", 5100),
)
STREETS = (
    "rue des Lilas", "avenue Jean Jaurès", "rue Victor Hugo", "place de la République",
    "boulevard de la Liberté", "rue du Moulin", "impasse des Tilleuls", "cours Lafayette",
    "rue de l’Église", "allée des Érables", "quai de la Fosse", "chemin du Château d’Eau",
)  # fmt: skip


def street_address(rng: random.Random) -> str:
    bis = rng.choice(("", "", "", " bis", " ter"))
    return f"{rng.randint(1, 148)}{bis} {rng.choice(STREETS)}"


def slug(name: str) -> str:
    plain = unicodedata.normalize("NFD", name.replace("’", " ")).encode("ascii", "ignore").decode()
    return "-".join(plain.lower().split())
