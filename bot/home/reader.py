"""Reads the content of a person's Home, from the same rows as the receipts."""

from collections.abc import Mapping, Sequence
from typing import Any

from blocks.home.drawing import NEEDS, OTHERS, PAGE, SEARCH_LIMIT
from blocks.home.model import STATES, HomeView, Needs, Notice, Row
from bot.home.report_line import report_line
from bot.kind import AnyKind
from bot.services import Services
from bot.texts import text_search
from storage import person_queries
from storage.homes import Home
from storage.person_queries import Filter, Limits, Listed, Needing, Search

LAST_PAGE = 499
"""Pages that can be turned to: 10,000 reports."""


class HomeReader:
    def __init__(self, services: Services, kinds: Mapping[str, AnyKind]) -> None:
        """:param kinds: by name"""
        self._services, self._kinds = services, kinds

    async def view(self, home: Home, *, needs: int = NEEDS) -> HomeView:
        """:param needs: so many reports that need the person are shown above the others
        :raises StorageError: when the file cannot be read
        """
        searched = _searched(home)
        wanted = Filter(
            _choice(home, "state", STATES),
            _choice(home, "kind", self._kinds),
            text_search(searched),
        )
        page = _page(home)
        limits = Limits(needs=needs, others=OTHERS, reports=PAGE + 1)
        found = await self._services.store.read(
            person_queries.overview,
            home.user,
            wanted,
            offset=page * PAGE,
            limits=limits,
            sees_all=home.sees_all,
            search=await self._search(home.user, wanted, page * PAGE + limits.reports + needs),
        )
        words = self._services.users.words(home.user)
        drafts = [
            draft for kind in self._kinds.values() for draft in await kind.unsent(words, home.user)
        ]
        return HomeView(
            kinds=list(self._kinds),
            needs=self._needs(home, found.needs),
            drafts=sorted(drafts, key=lambda draft: -draft.changed_at),
            everybody=self._needs(home, found.everybody) if found.everybody else None,
            reports=self._rows(home, found.page.reports[:PAGE]),
            above=found.page.left_out,
            page=page,
            has_older=len(found.page.reports) > PAGE and page < LAST_PAGE,
            state=wanted.state,
            kind=wanted.kind,
            words=searched,
            language=self._services.users.chosen_language(home.user),
            notice=_notice(home),
        )

    async def _search(self, user: str, wanted: Filter, enough: int) -> Search:
        """Look for so many reports, in as many reads as it takes."""
        search = Search()
        while wanted.text is not None and not search.is_done(enough):
            search = await self._services.store.read(person_queries.search_on, user, wanted, search)
        return search

    def _needs(self, home: Home, found: Needing) -> Needs:
        return Needs(self._rows(home, found.reports), found.total)

    def _rows(self, home: Home, listed: Sequence[Listed]) -> list[Row]:
        """A report of a kind that this release does not have is left out."""
        words, base = self._services.users.words(home.user), self._services.users.workspace_url
        return [
            report_line(words, self._kinds[line.kind], line, base)
            for line in listed
            if line.kind in self._kinds
        ]


def _choice(home: Home, name: str, choices: Any) -> str:
    """The person's choice in a menu; empty if the menu has it no more."""
    chosen = home.shown.get(name)
    return chosen if isinstance(chosen, str) and chosen in choices else ""


def _searched(home: Home) -> str:
    """The person's search text; empty for all reports."""
    searched = home.shown.get("words")
    return " ".join(searched.split())[:SEARCH_LIMIT] if isinstance(searched, str) else ""


def _page(home: Home) -> int:
    page = home.shown.get("page", 0)
    return min(max(page, 0), LAST_PAGE) if isinstance(page, int) else 0


def _notice(home: Home) -> Notice | None:
    notice = home.notice
    if not notice:
        return None
    return Notice(str(notice["key"]), notice["facts"], notice["state"] or "")
