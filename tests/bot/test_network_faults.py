"""A fault of the network, of a token or of an API is named as what it is."""

import ssl
from pathlib import Path

import pytest

from bot import network
from bot.delivery.http_client import Exchange, NotSent, client_for
from sandbox.process import free_port
from tests.bot.scripted_api import Scripted, ScriptedImmoteur, world_with
from tests.log_lines import lines_of
from tests.world import world

pytestmark = pytest.mark.usefixtures("direct_network")


async def test_a_server_with_another_certificate_is_a_fault_of_tls() -> None:
    assert "TLS" in network.reason(ssl.SSLCertVerificationError("self-signed"))


async def test_a_name_that_is_not_known_is_a_fault_of_dns() -> None:
    async with client_for("http://no-such-host.invalid/", connections=1) as client:
        outcome = await Exchange("api", client)("GET", "/", headers={})
    assert isinstance(outcome, NotSent)
    assert outcome.error.startswith("DNS: ")


async def test_no_network_is_not_said_to_be_a_wrong_token(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = {"SLACK_API_URL": f"http://127.0.0.1:{free_port()}/api/"}
    async with world(tmp_path, settings=settings) as bot:
        await bot.until(lambda: "cannot be reached" in str(bot.runtime.missing()))
        assert "does not accept" not in str(bot.runtime.missing())
    assert "Slack cannot be reached" in lines_of(caplog)
    assert "does not accept" not in lines_of(caplog)


@pytest.mark.parametrize("error", ["invalid_auth", "account_inactive", "token_revoked"])
async def test_a_token_that_slack_refuses_is_said_in_readyz(tmp_path: Path, error: str) -> None:
    from sandbox.slack.faults import SlackFault
    from tests.world import without_lists

    sandbox = without_lists()
    sandbox.slack.faults.set("auth.test", SlackFault("error", error=error))
    async with world(tmp_path, sandbox=sandbox) as bot:
        wanted = f"Slack does not accept SLACK_BOT_TOKEN: {error}"
        await bot.until(lambda: bot.runtime.missing() == [wanted])


@pytest.mark.parametrize("status", [401, 403])
async def test_a_token_that_immoteur_refuses_is_found_at_the_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    api = ScriptedImmoteur(Scripted(500))
    api.auth = Scripted(status)
    async with world_with(tmp_path, api) as bot:
        wanted = "immoteur refuses our token: renew IMMOTEUR_TOKEN"
        await bot.until(lambda: bot.runtime.missing() == [wanted])
    assert wanted in lines_of(caplog)


async def test_a_password_that_kare_refuses_is_found_at_the_start(tmp_path: Path) -> None:
    async with world(tmp_path, settings={"KARE_PASSWORD": "wrong-password"}) as bot:
        wanted = "kare refuses our token: renew KARE_EMAIL, KARE_PASSWORD"
        await bot.until(lambda: bot.runtime.missing() == [wanted])


async def test_an_api_that_is_down_does_not_make_the_bot_unready(tmp_path: Path) -> None:
    settings = {"IMMOTEUR_API_URL": f"http://127.0.0.1:{free_port()}/v1"}
    async with world(tmp_path, settings=settings) as bot:
        await bot.until(lambda: bot.rows("select 1 from calls where api = 'immoteur'"))
        await bot.until(lambda: not bot.runtime.missing())
