"""`constat catalogue load`: a CSV is loaded whole or not at all; faults are named by line."""

from pathlib import Path

import pytest

from bot.cli import main
from bot.kare.csv_import import InvalidCsvError, read
from sandbox.sandbox import Sandbox
from sandbox.slack.seed import BOB, SECURITE
from storage.catalogue import Installation, Site, load
from storage.database import open_for_reading
from tests.world import fetched, stock, world

SITES = "id;name;city\n1;École Jean Jaurès;Lyon\n2;Gymnase;Nantes\n"
MADE = [Site(1, "École Jean Jaurès", city="Lyon"), Site(2, "Gymnase", city="Nantes")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_what_excel_and_others_save_is_read(encoding: str) -> None:
    assert read(SITES.encode(encoding)) == MADE


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (SITES.replace(";", ","), MADE),
        (SITES.replace(";", "\t"), MADE),
        (SITES.replace("\n", "\r\n"), MADE),
        (SITES.replace("\n", "\n\n"), MADE),
        ('NAME,Id\n"Lyon, quai 3",5\n', [Site(5, "Lyon, quai 3")]),
        ('id;name\n5;"Quai ""3""\nbis"\n', [Site(5, 'Quai "3" bis')]),
        ("id;name;establishment;city;zip\n5;Annexe;Lycée;Bourg;01000",
         [Site(5, "Annexe", "Lycée", "Bourg", "01000")]),
        ("siteId;technicalInstallationId;name\n1;301;Lifts\n;302;Gas\n2;301;\n",
         [Installation(1, 301, "Lifts"), Installation(None, 302, "Gas"), Installation(2, 301)]),
        ("technicalInstallationId,name\n301,Lifts\n", [Installation(None, 301, "Lifts")]),
    ],
)  # fmt: skip
def test_columns_may_come_in_any_order_and_with_any_usual_sign_between(
    text: str, rows: list[Site | Installation]
) -> None:
    assert read(text.encode()) == rows


OF_SITES = "(of sites: id, name, establishment, city, zip)"
NUMBER = "is not a whole number of KARE's"


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        (b"", [(1, f"the column {name} is missing {OF_SITES}") for name in ("id", "name")]),
        (b"id;nom\n1;a\n",
         [(1, f"there is no column 'nom' {OF_SITES}"),
          (1, f"the column name is missing {OF_SITES}")]),
        (b"id;name;ID\n1;a;2\n", [(1, f"the column id is there twice {OF_SITES}")]),
        (b"id;name\n", [(1, "there is nothing below the names of the columns")]),
        (b"id;name\n1;a\n2\n3;c;d\n",
         [(3, "it has 1 columns, and not 2"), (4, "it has 3 columns, and not 2")]),
        (b"id;name\nx;a\n1.5;b\n9007199254740992;c\n",
         [(2, f"id {NUMBER}: 'x'"), (3, f"id {NUMBER}: '1.5'"),
          (4, f"id {NUMBER}: '9007199254740992'")]),
        (b"id;name\n;a\n", [(2, f"id {NUMBER}: ''")]),
        (b"id;name\n+5;a\n1_000;b\n", [(2, f"id {NUMBER}: '+5'"), (3, f"id {NUMBER}: '1_000'")]),
        (b"siteId;technicalInstallationId\nx;y\n",
         [(2, f"siteId {NUMBER}: 'x'"), (2, f"technicalInstallationId {NUMBER}: 'y'")]),
        (b"id;name\n1;a\n2;b\n1;c\n", [(4, "it repeats line 2")]),
        (b"id;name\n1;\n", [(2, "its name is blank")]),
        (b'id;name\n1;"a\nb"\n1;c\n', [(4, "it repeats line 2")]),
        (b'id;name\n1;"a\n', [(2, "it cannot be read: unexpected end of data")]),
        (b"siteId;technicalInstallationId;name\n1;5;a\n1;5;b\n;6;\n",
         [(3, "it repeats line 2"), (4, "it has neither a siteId nor a name")]),
        ("id;name\n1;é\n".encode() + b"2;\xe9\n", [(3, "it is not UTF-8, as other lines are")]),
        (b"id;name\n1;a\n2;\x81\n", [(3, "it is neither UTF-8 nor Windows-1252")]),
        ("id;name\n1;a\n".encode("utf-16-le"),
         [(1, "it is UTF-16 without its mark, or no text: save it as UTF-8")]),
        (b"\xef\xbb\xbfid;name\n1;\xe9\n", [(2, "it is not utf-8-sig, as its beginning says")]),
    ],
)  # fmt: skip
def test_every_fault_is_named_by_its_line(content: bytes, faults: list[tuple[int, str]]) -> None:
    with pytest.raises(InvalidCsvError) as invalid:
        read(content)
    assert invalid.value.faults == faults


def test_a_file_of_another_kind_than_was_said_is_refused() -> None:
    with pytest.raises(InvalidCsvError) as invalid:
        read(SITES.encode(), "installations")
    columns = "siteId, technicalInstallationId, name"
    assert invalid.value.faults == [(1, f"these are not the columns of installations: {columns}")]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CONSTAT_DB", str(tmp_path / "constat.db"))
    return tmp_path


def load_csv(folder: Path, text: str) -> int:
    path = folder / "sites.csv"
    path.write_text(text, "utf-8")
    return main(["catalogue", "load", str(path)])


def test_a_file_takes_the_place_of_the_one_before(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = [load_csv(folder, SITES), load_csv(folder, "id;name\n3;Hangar\n")]
    db = open_for_reading(folder / "constat.db")
    stored = load(db)
    db.close()
    assert (ended, capsys.readouterr().out, stored.sites) == (
        [0, 0],
        "2 sites loaded\n1 site loaded\n",
        {"csv": [Site(3, "Hangar")]},
    )


def test_a_file_with_a_wrong_line_loads_nothing_and_ends_with_1(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = [load_csv(folder, SITES), load_csv(folder, "id;name\n3;Hangar\nx;b\n3;c\n")]
    db = open_for_reading(folder / "constat.db")
    stored = load(db)
    db.close()
    errors = capsys.readouterr().err.replace(str(folder), "").splitlines()
    assert (ended, errors, stored.sites) == (
        [0, 1],
        [
            f"constat: /sites.csv, line 3: id {NUMBER}: 'x'",
            "constat: /sites.csv, line 4: it repeats line 2",
        ],
        {"csv": MADE},
    )


async def test_a_running_bot_takes_the_names_over(folder: Path) -> None:
    await stock(folder)
    async with world(folder) as bot:
        bob = bot.person(BOB)
        load_csv(folder, "technicalInstallationId;name\n301;Ascenseurs et monte-charges\n")
        shown: dict[str, str] = {}
        while "monte-charges" not in str(shown):
            await bob.command("/anomaly", "", channel=SECURITE)
            await bob.view()
            shown = await bob.search("technicalInstallationId", "301")
            await bob.close()
        assert shown["301"] == "Ascenseurs et monte-charges · 301"


async def test_where_kare_gives_no_list_a_csv_can_be_searched(folder: Path) -> None:
    sandbox = Sandbox(burst=1000)
    sandbox.kare.faults.always(403, on="GET /establishments/")
    load_csv(folder, SITES)
    async with world(folder, sandbox=sandbox) as bot:
        await fetched(bot)
        bob = bot.person(BOB)
        await bob.command("/anomaly", "", channel=SECURITE)
        await bob.view()
        assert await bob.search("siteId", "jaures") == {"1": "École Jean Jaurès · Lyon · 1"}
