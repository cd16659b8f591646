"""The setting CONSTAT_UNFURL_DOMAINS: one line for each fault, and Slack's way of matching."""

from pathlib import Path

import pytest

from bot import settings
from bot.link_domains import covers
from bot.settings import SettingsError

GIVEN = {
    "SLACK_BOT_TOKEN": "xoxb-1-1-abcdefghijklmnopqrstuvwx",
    "SLACK_SIGNING_SECRET": "0123456789abcdef0123456789abcdef",
    "IMMOTEUR_TOKEN": "imt_abcdefgh",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {**GIVEN, "CONSTAT_DB": str(tmp_path / "constat.db")}.items():
        monkeypatch.setenv(name, value)


def faults(monkeypatch: pytest.MonkeyPatch, value: str) -> list[str]:
    monkeypatch.setenv("CONSTAT_UNFURL_DOMAINS", value)
    with pytest.raises(SettingsError) as wrong:
        settings.load("serve")
    return wrong.value.faults


@pytest.mark.parametrize(
    "value", ["seloger.com,pap.fr", " seloger.com ; PAP.fr ", "seloger.com pap.fr,"]
)
def test_domains_are_separated_by_commas_semicolons_or_blanks(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("CONSTAT_UNFURL_DOMAINS", value)
    assert settings.load("serve")[0].constat_unfurl_domains == ("seloger.com", "pap.fr")


def test_without_it_no_domain_is_unfurled() -> None:
    assert settings.load("serve")[0].constat_unfurl_domains == ()


def test_each_wrong_entry_has_a_line_of_its_own_without_the_entry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = faults(monkeypatch, "https://seloger.com, pap.fr, *.orpi.com")
    first, third = found
    assert first.startswith("CONSTAT_UNFURL_DOMAINS, entry 1, is wrong: give the domain alone")
    assert third.startswith("CONSTAT_UNFURL_DOMAINS, entry 3, is wrong: leave the * out")
    assert "seloger" not in first


@pytest.mark.parametrize(
    "domain",
    ["localhost", "10.0.0.1", "-a.fr", "a-.fr", "a..fr", ".fr", "é.fr", "a.fr.", "x" * 260],
)
def test_what_slack_takes_for_no_domain_is_refused(
    monkeypatch: pytest.MonkeyPatch, domain: str
) -> None:
    assert [line for line in faults(monkeypatch, domain) if "it is not a domain" not in line] == []


def test_more_than_five_domains_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert faults(monkeypatch, "a.fr b.fr c.fr d.fr e.fr f.fr") == [
        "CONSTAT_UNFURL_DOMAINS is wrong: Slack takes 5 domains at most"
    ]


@pytest.mark.parametrize("host", ["pap.fr", "www.pap.fr", "WWW.PAP.FR", "a.b.pap.fr", "pap.fr."])
def test_a_domain_covers_everything_below_it(host: str) -> None:
    assert covers(["seloger.com", "pap.fr"], host)


@pytest.mark.parametrize("host", ["xpap.fr", "pap.fr.example.com", "fr", "", "pap.com"])
def test_a_domain_covers_nothing_else(host: str) -> None:
    assert not covers(["pap.fr"], host)
