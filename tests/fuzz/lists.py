"""Odd lists of KARE: what is stored of them can be searched, and Slack takes every option."""

from dataclasses import dataclass

from hypothesis import strategies as st

from blocks.anomaly.options import option
from blocks.words import LANGUAGES, words
from bot.kare.client import Kare
from bot.kare.list_refresh import LISTS, refresh
from bot.kare.paging import ListUnavailableError
from bot.kare.search_index import CatalogueIndex
from sandbox.slack.blockkit import check_suggestions
from storage import catalogue
from tests.fuzz import answers as odd
from tests.fuzz.answers import RawAnswer, answers
from tests.fuzz.delivery import LOGGED_IN, Deliveries, deliveries
from tests.fuzz.rules import Rule
from tests.promises import promised

LOGIN = "POST /kare/auth/v1/rs/login/credentials"


@dataclass(frozen=True)
class Example:
    page: RawAnswer
    query: str
    """What a person types into the pickers."""


async def lists_are_understood(bot: Deliveries, example: Example) -> None:
    bot.api.expect({LOGIN: LOGGED_IN, "GET /kare/": example.page})
    client, store = await bot.client("anomaly"), bot.setup.store
    assert isinstance(client, Kare)
    for name in LISTS:
        try:
            await refresh(name, client, store, bot.setup.clock)
        except ListUnavailableError:
            assert not (example.page.is_plain and _is_list(example.page))
    index = CatalogueIndex(await store.read(catalogue.load))
    for searched in (index.sites, index.installations, index.visits):
        for query in (example.query, ""):
            found = searched.search(query)
            for language in LANGUAGES:
                check_suggestions(
                    {"options": [option(words(language), choice) for choice in found]}
                )
    new = promised("Sortie", "kare")
    # None of these rows says all of what was sent.
    assert await client.find(new.payload, bot.setup.clock.time() - 5, []) is None


def _is_list(page: RawAnswer) -> bool:
    return page.status == 200 and page.body.startswith(b'{"data": [{"')


RULES = [
    Rule(
        "KARE's lists",
        st.builds(Example, answers(odd.LISTS), odd.ODD_TEXTS | st.text(max_size=20)),
        deliveries,
        lists_are_understood,
    )
]
