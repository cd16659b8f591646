"""A form whose answer was lost is sent again: nothing is filed twice, and no text is dropped."""

import httpx
import pytest

from sandbox.faults import ApiFault
from sandbox.slack import Person
from sandbox.slack.link import BotLink
from sandbox.slack.seed import ANNONCES, BOB
from tests.bot.anomalies import add, fill, opened
from tests.world import ID, World

OTHER_ID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
SAVED_BEFORE = "Your report was already saved as no. 1, as you sent it the first time."


class LosesAnswers(httpx.AsyncBaseTransport):
    """The way to a bot that can lose its answers."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport
        self.loses = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._transport.handle_async_request(request)
        if self.loses:
            raise httpx.ReadError("the answer was lost")
        return response


@pytest.fixture
def way(bot: World) -> LosesAnswers:
    return LosesAnswers(bot.transport)


@pytest.fixture
def person(bot: World, way: LosesAnswers) -> Person:
    return Person(bot.slack, BOB, BotLink(transport=way))


async def submit_without_an_answer(person: Person, way: LosesAnswers) -> None:
    way.loses = True
    outcome = await person.submit()
    way.loses = False
    assert outcome.kind == "failed"


async def issue(person: Person) -> None:
    await person.command("/report-issue", f"other {ID} gone", channel=ANNONCES)
    await person.until(lambda view: view.callback_id == "report_issue")


async def test_an_issue_that_is_sent_again_unchanged_is_taken(
    bot: World, person: Person, way: LosesAnswers
) -> None:
    await issue(person)
    await submit_without_an_answer(person, way)
    again = await person.submit()
    assert (again.kind, again.errors) == ("closed", {})
    await bot.state(1, "filed")
    assert len(bot.sandbox.immoteur.issues) == 1


@pytest.mark.parametrize("new", ["gone since Monday", "Gone", "gone, gone"])
async def test_a_text_that_changed_before_an_issue_is_sent_again_stays_in_the_form(
    bot: World, person: Person, way: LosesAnswers, new: str
) -> None:
    await issue(person)
    await submit_without_an_answer(person, way)
    await person.type("comment", new)
    again = await person.submit()
    assert [words.partition(" To change")[0] for words in again.errors.values()] == [SAVED_BEFORE]
    assert (await person.view()).value("comment") == new
    await bot.state(1, "filed")
    assert [issue.body["comment"] for issue in bot.sandbox.immoteur.issues] == ["gone"]


async def test_a_property_that_was_corrected_before_an_issue_is_sent_again_stays_in_the_form(
    bot: World, person: Person, way: LosesAnswers
) -> None:
    await issue(person)
    await submit_without_an_answer(person, way)
    await person.type("propertyIds", OTHER_ID)
    again = await person.submit()
    assert [words.partition(" To change")[0] for words in again.errors.values()] == [SAVED_BEFORE]
    await bot.state(1, "filed")
    assert [issue.body["propertyIds"] for issue in bot.sandbox.immoteur.issues] == [[ID]]


async def test_a_finding_of_several_that_is_sent_again_unchanged_is_taken(
    bot: World, person: Person, way: LosesAnswers
) -> None:
    await opened(person)
    await add(person, "First")
    await fill(person, "Second")
    await submit_without_an_answer(person, way)
    again = await person.submit()
    assert (again.kind, again.errors) == ("closed", {})
    await bot.state(1, "filed")


async def test_a_finding_that_changed_before_it_is_sent_again_stays_in_the_form(
    bot: World, person: Person, way: LosesAnswers
) -> None:
    await opened(person)
    await fill(person, "First")
    await submit_without_an_answer(person, way)
    await person.type("description", "Another one, on the roof")
    again = await person.submit()
    assert [words.partition(" To change")[0] for words in again.errors.values()] == [SAVED_BEFORE]
    await bot.state(1, "filed")


async def test_an_edit_that_changed_before_it_is_sent_again_stays_in_the_form(
    bot: World, person: Person, way: LosesAnswers
) -> None:
    bot.sandbox.immoteur.faults.next(1, ApiFault("422"))
    await issue(person)
    await person.submit()
    receipt = await bot.receipt(ANNONCES, says="Not filed")
    await person.press(receipt, "edit")
    await person.until(lambda view: view.callback_id == "report_issue")
    await person.type("comment", "the edit")
    await submit_without_an_answer(person, way)
    await person.type("comment", "the edit of the edit")
    again = await person.submit()
    assert [words.partition(" To change")[0] for words in again.errors.values()] == [SAVED_BEFORE]
    await bot.state(1, "filed")
    assert [issue.body["comment"] for issue in bot.sandbox.immoteur.issues] == ["the edit"]
