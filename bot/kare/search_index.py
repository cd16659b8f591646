"""Sites, installations and visits' reports in memory, to be searched while somebody types."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from blocks.anomaly.options import OFFERED, Choice, typed
from storage.catalogue import Installation, Site, Stored, Visit

_KEY = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
"""A translation key, such as establishment_informations.installation_ascenseurs."""
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o"})
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_WORDS = re.compile(r"[^\W_]+")


def normal(text: str) -> str:
    """Words as they are compared: without case, accents and punctuation."""
    bare = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    return " ".join(_WORDS.findall(_ACCENTS.sub("", bare).casefold()))


def readable(name: str) -> str:
    """A translation key as the words in it; any other name as it is."""
    if not _KEY.fullmatch(name):
        return " ".join(name.split())
    words = name.rpartition(".")[2].removeprefix("installation_").replace("_", " ").strip()
    return words.capitalize()


@dataclass(frozen=True)
class Entry:
    choice: Choice
    text: str
    """What a search looks in."""


class SearchIndex:
    """Choices in the order in which they are offered."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_number = {one.choice.number: one for one in entries}

    def __len__(self) -> int:
        return len(self._by_number)

    def get(self, number: int) -> Choice | None:
        entry = self._by_number.get(number)
        return entry.choice if entry else None

    def search(self, query: str, first: Sequence[int] = ()) -> list[Choice]:
        """At most 100 that hold every word of the query: the number itself, then those of `first`,
        then the others. A number that is not there is offered all the same.
        """
        words, number = normal(query).split(), typed(query)
        found: dict[int, Choice] = {}
        for entry in self._in_turn(number, first):
            if len(found) == OFFERED:
                break
            if all(word in entry.text for word in words):
                found[entry.choice.number] = entry.choice
        choices = list(found.values())
        if number is not None and number not in self._by_number:
            return [*choices[: OFFERED - 1], Choice(number, listed=False)]
        return choices

    def _in_turn(self, number: int | None, first: Sequence[int]) -> Iterator[Entry]:
        for wanted in (number, *first):
            if wanted is not None and (entry := self._by_number.get(wanted)):
                yield entry
        yield from self._by_number.values()


class CatalogueIndex:
    """Made once from what is stored; what a CSV says goes before what KARE says."""

    def __init__(self, stored: Stored) -> None:
        self.sites = SearchIndex(sorted(map(_site, _sites(stored.sites)), key=_by_name))
        self._visits = sorted(
            (one for rows in stored.visits.values() for one in rows),
            key=lambda one: (one.visited, one.id),
            reverse=True,
        )
        self.visits = SearchIndex(map(_visit, self._visits))
        self._names = _Names(stored.installations)
        self._at_site: dict[int, set[int]] = {}
        for rows in stored.installations.values():
            for one in rows:
                if one.site is not None:
                    self._at_site.setdefault(one.site, set()).add(one.id)
        self.installations = self._search_index(None, set[int]().union(*self._at_site.values()))

    def at_site(self, site: int | None) -> SearchIndex:
        """A site's installations; where the lists do not know the site, all there are."""
        if site is None or not self.knows(site):
            return self.installations
        return self._search_index(site, self._at_site.get(site, set()))

    def knows(self, site: int) -> bool:
        return site in self._at_site or self.sites.get(site) is not None

    def visits_at(self, site: int | None) -> list[int]:
        """Reports of visits of this site, newest first."""
        return [one.id for one in self._visits if site in one.sites]

    def _search_index(self, site: int | None, ids: Iterable[int]) -> SearchIndex:
        return SearchIndex(
            sorted((_installation(one, self._names.of(site, one)) for one in ids), key=_by_name)
        )


class _Names:
    """What installations are called at a site, and elsewhere."""

    def __init__(self, installations: Mapping[str, Sequence[Installation]]) -> None:
        self._named: dict[str, dict[tuple[int | None, int], str]] = {}
        self._anywhere: dict[int, str] = {}
        for source in ("csv", "kare"):
            named = self._named.setdefault(source, {})
            for one in installations.get(source, ()):
                if name := readable(one.name):
                    named[one.site, one.id] = name
                    self._anywhere.setdefault(one.id, name)

    def of(self, site: int | None, number: int) -> str:
        csv, kare = self._named["csv"], self._named["kare"]
        return (
            csv.get((site, number))
            or csv.get((None, number))
            or kare.get((site, number))
            or self._anywhere.get(number, "")
        )


def _sites(stored: Mapping[str, Sequence[Site]]) -> Iterable[Site]:
    """KARE's, with what a CSV says of them in the place of what it says itself."""
    sites = {one.id: one for one in stored.get("kare", ())}
    for one in stored.get("csv", ()):
        said = {name: value for name, value in asdict(one).items() if value}
        sites[one.id] = replace(sites.get(one.id, one), **said)
    return sites.values()


def _by_name(entry: Entry) -> tuple[bool, str]:
    return (not entry.choice.parts, entry.text)


def _site(one: Site) -> Entry:
    """A site is often called as its establishment, and more: that is said once."""
    own = readable(one.name)
    if one.establishment and normal(own).startswith(normal(one.establishment)):
        own = own[len(one.establishment) :].strip(" –-·,/:")
    parts = [readable(part) for part in (one.establishment, own, one.city)]
    zip_code = one.zip_code.zfill(5) if one.zip_code.isdigit() else one.zip_code
    text = f"{' '.join(parts)} {zip_code} {one.id}"
    return Entry(Choice(one.id, tuple(filter(None, parts))), normal(text))


def _installation(number: int, name: str) -> Entry:
    return Entry(Choice(number, (name,) if name else ()), normal(f"{name} {number}"))


def _visit(one: Visit) -> Entry:
    name = readable(one.name.replace(one.visited, " ")) if one.visited else readable(one.name)
    parts = tuple(part for part in (one.visited, name) if part)
    return Entry(Choice(one.id, parts), normal(f"{name} {one.visited} {one.id}"))
