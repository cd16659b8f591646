"""Sites, installations and visits' reports in memory, searched while a person types."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from blocks.anomaly.options import OPTIONS_LIMIT, Choice, number_in
from blocks.compared import searched
from storage.catalogue import Installation, Site, Stored, Visit

_KEY = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
"""A translation key, such as establishment_informations.installation_ascenseurs."""
MONTHS = (
    "january janvier",
    "february février",
    "march mars",
    "april avril",
    "may mai",
    "june juin",
    "july juillet",
    "august août",
    "september septembre",
    "october octobre",
    "november novembre",
    "december décembre",
)
_WORDS = re.compile(r"[^\W_]+")


def normal(text: str) -> str:
    """The words of a text as they are compared: without case, accents and punctuation."""
    return " ".join(_WORDS.findall(searched(text)))


def readable(name: str) -> str:
    """The words in a translation key. Any other name stays as it is, with single spaces."""
    if not _KEY.fullmatch(name):
        return " ".join(name.split())
    words = name.rpartition(".")[2].removeprefix("installation_").replace("_", " ").strip()
    return words.capitalize()


@dataclass(frozen=True)
class Entry:
    choice: Choice
    text: str
    """The normal text that a search looks in."""


class SearchIndex:
    """Choices in the order in which they are offered."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._by_number = {entry.choice.number: entry for entry in entries}

    def __len__(self) -> int:
        return len(self._by_number)

    def get(self, number: int) -> Choice | None:
        entry = self._by_number.get(number)
        return entry.choice if entry else None

    def search(self, query: str, first: Sequence[int] = ()) -> list[Choice]:
        """The choices that hold every word of the query, 100 at most.

        The number that was typed comes first, then the numbers of `first`, then the others. A
        typed number that the index does not have is offered too.
        """
        words, number = normal(query).split(), number_in(query)
        by_number: dict[int, Choice] = {}
        for entry in self._in_order(number, first):
            if len(by_number) == OPTIONS_LIMIT:
                break
            if all(word in entry.text for word in words):
                by_number[entry.choice.number] = entry.choice
        choices = list(by_number.values())
        if number is not None and number not in self._by_number:
            return [*choices[: OPTIONS_LIMIT - 1], Choice(number, listed=False)]
        return choices

    def _in_order(self, number: int | None, first: Sequence[int]) -> Iterator[Entry]:
        for candidate in (number, *first):
            if candidate is not None and (entry := self._by_number.get(candidate)):
                yield entry
        yield from self._by_number.values()


class CatalogueIndex:
    """Made once from the stored lists. A name from a CSV replaces the name from KARE."""

    def __init__(self, stored: Stored) -> None:
        self.sites = SearchIndex(sorted(map(_site, _merged(stored.sites)), key=_by_name))
        visits = sorted(
            (visit for rows in stored.visits.values() for visit in rows),
            key=lambda visit: (visit.visited, visit.id),
            reverse=True,
        )
        self.visits = SearchIndex(_visit(visit, self.sites) for visit in visits)
        self._sites_of = {visit.id: visit.sites for visit in visits}
        self._visits_at: dict[int, list[int]] = {}
        for visit in visits:
            for site in visit.sites:
                self._visits_at.setdefault(site, []).append(visit.id)
        self._names = _Names(stored.installations)
        self._at_site: dict[int, set[int]] = {}
        for rows in stored.installations.values():
            for installation in rows:
                if installation.site is not None:
                    self._at_site.setdefault(installation.site, set()).add(installation.id)
        everywhere = set[int]().union(*self._at_site.values())
        self.installations = self._sorted_installations(None, everywhere)
        self._indexes: dict[int, SearchIndex] = {}
        """The indexes of the sites that were asked for."""

    def at_site(self, site: int | None) -> SearchIndex:
        """A site's installations; all installations where the lists do not have the site."""
        if site is None or not self.knows(site):
            return self.installations
        if site not in self._indexes:
            numbers = self._at_site.get(site, set())
            self._indexes[site] = self._sorted_installations(site, numbers)
        return self._indexes[site]

    def knows(self, site: int) -> bool:
        return site in self._at_site or self.sites.get(site) is not None

    def visits_at(self, site: int | None) -> Sequence[int]:
        """The reports of a site's visits, newest first."""
        return self._visits_at.get(site, ()) if site is not None else ()

    def sites_of(self, report: int | None) -> Sequence[int]:
        """The sites of a report's visit; none where the list does not have the report."""
        return self._sites_of.get(report, ()) if report is not None else ()

    def _sorted_installations(self, site: int | None, numbers: Iterable[int]) -> SearchIndex:
        entries = (_installation(number, self._names.of(site, number)) for number in numbers)
        return SearchIndex(sorted(entries, key=_by_name))


class _Names:
    """The names of installations: at a site, and at any other."""

    def __init__(self, installations: Mapping[str, Sequence[Installation]]) -> None:
        self._by_source: dict[str, dict[tuple[int | None, int], str]] = {}
        self._anywhere: dict[int, str] = {}
        for source in ("csv", "kare"):
            names = self._by_source.setdefault(source, {})
            for installation in installations.get(source, ()):
                if name := readable(installation.name):
                    names[installation.site, installation.id] = name
                    self._anywhere.setdefault(installation.id, name)

    def of(self, site: int | None, number: int) -> str:
        """Empty when no list gives the installation a name."""
        csv, kare = self._by_source["csv"], self._by_source["kare"]
        return (
            csv.get((site, number))
            or csv.get((None, number))
            or kare.get((site, number))
            or self._anywhere.get(number, "")
        )


def _merged(stored: Mapping[str, Sequence[Site]]) -> Iterable[Site]:
    """KARE's sites with the values that a CSV gives for them, and the CSV's other sites."""
    sites = {site.id: site for site in stored.get("kare", ())}
    for site in stored.get("csv", ()):
        filled = {name: value for name, value in asdict(site).items() if value}
        sites[site.id] = replace(sites.get(site.id, site), **filled)
    return sites.values()


def _by_name(entry: Entry) -> tuple[bool, str]:
    """Sorts entries without a name behind the others."""
    return (not entry.choice.parts, entry.text)


def _site(site: Site) -> Entry:
    """The name of a site often begins with its establishment's: it is shown once."""
    name = readable(site.name)
    if site.establishment and normal(name).startswith(normal(site.establishment)):
        name = name[_length(name, site.establishment) :].strip(" –-·,/:")
    parts = [readable(part) for part in (site.establishment, name, site.city)]
    zip_code = site.zip_code.zfill(5) if site.zip_code.isdigit() else site.zip_code
    text = f"{' '.join(parts)} {zip_code} {site.id}"
    return Entry(Choice(site.id, tuple(filter(None, parts))), normal(text))


def _length(name: str, begins: str) -> int:
    """How many characters of a name are its beginning, which may be spelled in other characters."""
    if name.startswith(begins):
        return len(begins)
    prefix = normal(begins)
    return max((end for end in range(len(name) + 1) if normal(name[:end]) == prefix), default=0)


def _installation(number: int, name: str) -> Entry:
    return Entry(Choice(number, (name,) if name else ()), normal(f"{name} {number}"))


def _visit(visit: Visit, sites: SearchIndex) -> Entry:
    """The day, the name of the report, and its sites where the name does not hold them."""
    name = readable(visit.name.replace(visit.visited, " ") if visit.visited else visit.name)
    at = [site.parts for number in visit.sites if (site := sites.get(number)) and site.parts]
    unnamed = dict.fromkeys(parts[0] for parts in at if normal(parts[0]) not in normal(name))
    parts = tuple(part for part in (visit.visited, name, ", ".join(unnamed)) if part)
    places = " ".join(part for site_parts in at for part in site_parts)
    text = f"{' '.join(parts)} {_in_words(visit.visited)} {places} {visit.id}"
    return Entry(Choice(visit.id, parts), normal(text))


def _in_words(day: str) -> str:
    """A day such as 2023-10-06 with the month as people write it, in the languages of the form."""
    parts = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", day)
    if parts is None or not 1 <= int(parts[2]) <= 12:
        return ""
    return f"{int(parts[3])} {MONTHS[int(parts[2]) - 1]} {parts[1]}"
