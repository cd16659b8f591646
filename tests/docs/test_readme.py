"""README.md is short, and leads to all other pages."""

import re
import shlex
from pathlib import Path

from storage.database import open_database, open_for_reading
from tests.docs.machine import mode, run, set_up
from tests.docs.pages import PAGES, code, fences, section

README = PAGES["README.md"]


def test_the_readme_has_at_most_150_lines() -> None:
    assert len(README.splitlines()) <= 150


def test_the_readme_has_at_most_9000_characters() -> None:
    assert len(README) <= 9000


def test_the_readme_shows_a_picture_before_its_first_section() -> None:
    assert "![" in README.partition("\n## ")[0]


def test_every_picture_has_a_description() -> None:
    descriptions = re.findall(r"!\[([^\]]*)\]", README)
    assert [text for text in descriptions if len(text) < 10] == []


def test_the_readme_links_to_every_page() -> None:
    links = re.findall(r"\]\(([^)#]+)", section("README.md", "Documentation"))
    assert sorted(links) == sorted(PAGES.keys() - {"README.md"})


def test_the_readme_says_how_to_try_and_how_to_test() -> None:
    targets = [text for text in code(section("README.md", "Try it")) if text.startswith("make ")]
    assert targets == ["make try", "make test"]


def test_a_real_workspace_takes_five_steps() -> None:
    steps = re.findall(
        r"^(\d)\. \*\*", section("README.md", "Set it up in your workspace"), re.MULTILINE
    )
    assert steps == ["1", "2", "3", "4", "5"]


def test_the_file_of_the_first_start_can_be_kept(tmp_path: Path) -> None:
    kept = set_up(tmp_path)
    kept.parent.rmdir()
    (tmp_path / "checkout").mkdir()
    open_database(tmp_path / "checkout/constat.db").close()
    [keep] = [block for block in fences("README.md", "sh") if "constat.db /var/lib" in block]
    ended = run(tmp_path, f"cd {tmp_path}/checkout\n{keep}")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert (mode(kept), mode(kept.parent)) == (0o600, 0o700)
    open_for_reading(kept).close()


def test_a_password_with_the_shells_own_characters_stays_as_it_is() -> None:
    [start] = [block for block in fences("README.md", "sh") if "KARE_PASSWORD=" in block]
    password = "it$HOME&costs!"
    given = re.sub("(KARE_PASSWORD='?)…", lambda found: found[1] + password, start)
    assert f"KARE_PASSWORD={password}" in shlex.split(given)
    assert f"KARE_PASSWORD='{password}'" in given
