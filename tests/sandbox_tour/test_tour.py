"""The tour of `constat try`: all of its steps, and the features that are off by default."""

import sys
from pathlib import Path

import pytest

from sandbox import optional_features
from sandbox.catalogue import Catalogue
from sandbox.sandbox import Sandbox
from sandbox.tour.anomalies import report_photo
from sandbox.tour.listings import unfold_link
from sandbox.tour.scenario import Scenario
from sandbox.tour.script import play
from tests.bot.pictures import PHOTOS_ON
from tests.world import FAST, stock, without_lists, world

LINKS_ON = dict(optional_features.LINKS_ON)
FRENCH = {"CONSTAT_LANGUAGE": "fr"}


async def test_the_tour_files_ten_reports_and_sends_a_photo(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await stock(tmp_path)
    sandbox = Sandbox(burst=1000)
    optional_features.allow(sandbox.slack.workspace)
    async with world(tmp_path, sandbox=sandbox, config=PHOTOS_ON, settings=LINKS_ON) as bot:
        await play(Scenario(sandbox, bot.link))
        states = bot.rows("select state from reports")
    output = capsys.readouterr().out
    assert states == [{"state": "filed"}] * 10
    assert "(file: exit.png)" in output
    assert "The photo was sent to KARE." in output
    assert "[Report]" in output


async def test_the_tour_waits_for_the_photo_in_a_french_channel_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox = without_lists()
    optional_features.allow(sandbox.slack.workspace)
    async with world(tmp_path, sandbox=sandbox, config=PHOTOS_ON, settings=FRENCH) as bot:
        await report_photo(Scenario(sandbox, bot.link))
    assert "La photo a été envoyée à KARE." in capsys.readouterr().out


async def test_a_bot_that_takes_no_photos_files_the_anomaly_without(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox = without_lists()
    async with world(tmp_path, sandbox=sandbox, config=FAST) as bot:
        await report_photo(Scenario(sandbox, bot.link))
    output = capsys.readouterr().out
    assert "Filed with KARE" in output
    assert "The photo was sent" not in output


@pytest.mark.parametrize(("language", "label"), [("en", "Report"), ("fr", "Signaler")])
async def test_a_link_unfolds_and_its_button_is_named(
    language: str, label: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox = without_lists()
    optional_features.allow(sandbox.slack.workspace)
    settings = {**LINKS_ON, "CONSTAT_LANGUAGE": language}
    async with world(tmp_path, sandbox=sandbox, settings=settings) as bot:
        await unfold_link(Scenario(sandbox, bot.link))
    message, form = capsys.readouterr().out.split(f"=== Bob presses {label}:")
    assert f"[{label}]" in message
    assert Catalogue.sample_link in form


def test_photos_and_links_are_on_and_the_notice_names_both_settings(tmp_path: Path) -> None:
    features = optional_features.choose(tmp_path, None)
    config = Path(features.settings["CONSTAT_CONFIG"])
    assert config.read_text("utf-8") == "photos = true\n"
    assert features.settings["CONSTAT_UNFURL_DOMAINS"].startswith("seloger.com,")
    assert "photos = true" in features.notice
    assert "CONSTAT_UNFURL_DOMAINS" in features.notice
    assert max(map(len, features.notice.splitlines())) <= 80


def test_the_file_of_the_user_decides_about_photos(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    features = optional_features.choose(tmp_path, own)
    assert features.settings["CONSTAT_CONFIG"] == str(own)
    assert "Photos are on if your TOML file has photos = true." in features.notice


def test_without_the_packages_photos_are_off_and_the_notice_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    features = optional_features.choose(tmp_path, None)
    assert "CONSTAT_CONFIG" not in features.settings
    assert "-m pip install Pillow pillow-heif" in features.notice
