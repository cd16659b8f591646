"""/report-issue, as a person uses it."""

from sandbox.slack import Person
from sandbox.slack.seed import ANNONCES
from tests.world import ID, World


async def test_a_data_issue_is_filed_and_told_in_the_thread(bot: World, bob: Person) -> None:
    await bob.command("/report-issue", f"data {ID} wrong price", channel=ANNONCES)
    await bob.view()
    await bob.choose("issueFacets", ["price"])
    outcome = await bob.submit()
    receipt = await bot.receipt(ANNONCES, says="Filed with Immoteur")
    filed = bot.sandbox.immoteur.issues[0]
    assert outcome.kind == "closed"
    assert filed.body == {
        "propertyIds": [ID],
        "issueKind": "data",
        "issueFacets": ["price"],
        "comment": "wrong price",
    }
    assert filed.report_id in bob.read(receipt)
