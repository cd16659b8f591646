"""No token, header, e-mail or telephone number is ever in the file or the log."""

import logging

import pytest

from sandbox.immoteur.api import TOKEN
from sandbox.kare.api import EMAIL, PASSWORD
from sandbox.slack import Person
from sandbox.slack.model import App
from sandbox.slack.seed import ANNONCES
from tests.bot.test_receipt_texts import anomaly
from tests.log_lines import lines_of
from tests.world import World


async def test_nothing_secret_is_in_the_file_or_the_log(
    bot: World, bob: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    listings = bot.sandbox.catalogue.classifieds
    listing = next(iter(listings.values()))
    bot.sandbox.immoteur.faults.next(1, "401")
    bot.sandbox.kare.faults.next(1, "401")
    await bob.command("/report-issue", f"other {listing['source']['url']} gone", channel=ANNONCES)
    await bob.view()
    await bob.submit()
    await anomaly(bob)
    await bot.until(lambda: len(bot.rows("select 1 from reports where state = 'filed'")) == 2)
    secrets = [TOKEN, EMAIL, PASSWORD, App.bot_token, App.app_token, App.signing_secret, "Bearer "]
    secrets += [token for pair in bot.sandbox.kare._sessions._until for token in pair]
    secrets += contacts(listing)
    content = b"".join(path.read_bytes() for path in bot.db_path.parent.glob("constat.db*"))
    log = lines_of(caplog).encode()
    assert len(secrets) > 10
    assert [secret for secret in secrets if secret.encode() in content + log] == []


def contacts(value: object) -> list[str]:
    """Every e-mail address and telephone number of a listing."""
    if isinstance(value, dict):
        here = [item for name, item in value.items() if name in {"email", "phone", "phones"}]
        inside = [found for item in value.values() for found in contacts(item)]
        return [str(contact) for contact in here if isinstance(contact, str)] + inside
    if isinstance(value, list):
        return [found for item in value for found in contacts(item)]
    return []


async def test_slack_sdk_makes_no_log_line_of_a_call_even_at_the_level_debug(
    bot: World, bob: Person, caplog: pytest.LogCaptureFixture
) -> None:
    """Such a line has the whole view or message, and takes more time than the call."""
    caplog.set_level(logging.DEBUG)
    await bob.command("/report-issue", channel=ANNONCES)
    await bob.view()
    lines = [record for record in caplog.records if record.name.startswith("slack_sdk.web")]
    assert lines == []
