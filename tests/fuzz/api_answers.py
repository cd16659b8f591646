"""Odd answers of Immoteur and KARE, and the rules that hold whatever they are."""

import json
import uuid
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from tests.fuzz import answers as odd
from tests.fuzz.answers import RawAnswer, answers
from tests.fuzz.delivery import HIDDEN, LOGGED_IN, Deliveries, Tried, deliveries
from tests.fuzz.rules import Rule
from tests.promises import promised

GOOD_TOKEN = RawAnswer(200, b"{}")
LOGIN = "POST /kare/auth/v1/rs/login/credentials"
ISSUES, NONCONFORMITY = "POST /v1/issues", "POST /kare/anomalies/v2/rs/reports/"
LISTS = "GET /kare/commissions/v2/rs"


@dataclass(frozen=True)
class Example:
    filing: RawAnswer
    """To the report itself."""
    checking: RawAnswer = GOOD_TOKEN
    """To the question whether our token is good."""
    before: RawAnswer = LOGGED_IN
    """To what is asked before the report is sent: a login, or a look-up."""


def examples(
    creation: st.SearchStrategy[object], before: st.SearchStrategy[RawAnswer]
) -> st.SearchStrategy[Example]:
    filing = answers(creation | odd.REFUSALS | odd.secrets_repeated(HIDDEN))
    checking = st.just(GOOD_TOKEN) | answers(odd.VALUES)
    return st.builds(Example, filing, checking, before)


async def immoteur_is_understood(bot: Deliveries, example: Example) -> None:
    answered = {ISSUES: example.filing, "GET /v1/auth": example.checking}
    tried = await bot.send(promised("Le prix", key=uuid.uuid4().hex), answered)
    assert tried.state in _states(
        example, odd.FILED_BY_IMMOTEUR, asked=bot.api.count("GET /v1/auth") > 0
    )
    assert bot.api.count(ISSUES) == 1
    _nothing_leaks(tried)


async def immoteurs_lookup_is_understood(bot: Deliveries, example: Example) -> None:
    """A report that names a link: the link is looked up before the report is sent."""
    answered = {
        ISSUES: example.filing,
        "GET /v1/auth": example.checking,
        "GET /v1/classifieds/lookup": example.before,
    }
    new = promised("Le prix", key=uuid.uuid4().hex)
    link = f"https://www.pap.fr/annonces/{new.key}"
    payload = {**new.payload, "propertyIds": [], "links": [link]}
    tried = await bot.send(replace(new, payload=payload), answered)
    assert bot.api.count(ISSUES) <= 1
    if bot.api.count(ISSUES):
        assert tried.state in _states(
            example, odd.FILED_BY_IMMOTEUR, asked=bot.api.count("GET /v1/auth") > 0
        )
    else:
        assert tried.state in {"waiting", "held", "refused"}
    _nothing_leaks(tried)


async def kare_is_understood(bot: Deliveries, example: Example) -> None:
    answered = {NONCONFORMITY: example.filing, LISTS: example.checking, LOGIN: example.before}
    tried = await bot.send(promised("Sortie", "kare", key=uuid.uuid4().hex), answered)
    sent = bot.api.count(NONCONFORMITY)
    # What is refused with 401 or 403 was not kept, so it is sent once more after a login.
    assert sent <= (2 if example.filing.status in {401, 403} else 1)
    assert bot.api.count(LOGIN) <= 4
    if not sent:
        assert tried.state in {"waiting", "held"}
    elif example.before == LOGGED_IN:
        assert tried.state in _states(example, odd.FILED_BY_KARE, asked=bot.api.count(LISTS) > 0)
    _nothing_leaks(tried)


def _states(example: Example, documented: object, *, asked: bool) -> set[str]:
    """The states that docs/guarantees.md allows for an answer to a report.

    :param documented: the body by which the API says that it filed the report
    :param asked: whether the API was asked if our token is good
    """
    filing, status = example.filing, example.filing.status
    if not filing.is_whole:
        # A part may be enough: a whole head and as much of the body as was announced.
        return {"unknown", *_whole(status, example, asked=asked)}
    if 200 <= status < 300 and filing.is_plain and filing.body == json.dumps(documented).encode():
        return {"filed"}
    return _whole(status, example, asked=asked)


def _whole(status: int, example: Example, *, asked: bool) -> set[str]:
    if status in {429, 503}:
        return {"waiting"}
    if status == 401:
        return {"held"}
    if status == 403 and asked:
        good = example.checking.is_whole and example.checking.status == 200
        return {"refused"} if good else {"held", "refused"}
    if 300 <= status < 500 and status != 408:
        return {"refused"}
    if 200 <= status < 300:
        return {"filed", "unknown"}
    return {"unknown"}


def _nothing_leaks(tried: Tried) -> None:
    for secret in HIDDEN:
        for text in (tried.shown, tried.history, json.dumps(dict(tried.stored))):
            assert secret not in text


NO_LOOKUP = st.just(LOGGED_IN)
RULES = [
    Rule(
        "Immoteur's answers to reports",
        examples(odd.CREATIONS, NO_LOOKUP),
        deliveries,
        immoteur_is_understood,
    ),
    Rule(
        "Immoteur's answers to look-ups",
        examples(odd.CREATIONS, answers(odd.LOOKUPS)),
        deliveries,
        immoteurs_lookup_is_understood,
    ),
    Rule(
        "KARE's answers to reports and logins",
        examples(odd.CREATIONS, NO_LOOKUP | answers(odd.LOGINS)),
        deliveries,
        kare_is_understood,
    ),
]
