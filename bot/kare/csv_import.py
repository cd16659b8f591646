"""A CSV of sites or installations, read whole or not at all; every fault is named by its line."""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from blocks.anomaly.model import ID_LIMIT
from storage.catalogue import Installation, Site

Kind = Literal["sites", "installations"]
T = TypeVar("T")

COLUMNS: Mapping[Kind, tuple[str, ...]] = {
    "sites": ("id", "name", "establishment", "city", "zip"),
    "installations": ("siteId", "technicalInstallationId", "name"),
}
"""In a file they may come in any order, and in any case."""
NEEDED: Mapping[Kind, tuple[str, ...]] = {
    "sites": ("id", "name"),
    "installations": ("technicalInstallationId",),
}
BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class InvalidCsvError(Exception):
    """The file cannot be loaded: a sentence for each fault, by line, in their order."""

    def __init__(self, faults: Sequence[tuple[int, str]]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


@dataclass(frozen=True)
class _Row:
    line: int
    """Its first, where quotes make it longer."""
    cells: Mapping[str, str]


def read(content: bytes, kind: Kind | None = None) -> Sequence[Site] | Sequence[Installation]:
    """:param kind: what it must be; otherwise its columns say what it is

    :raises InvalidCsvError: with every fault
    """
    found, rows = _rows(_text(content), kind)
    if not rows:
        raise InvalidCsvError([(1, "there is nothing below the names of the columns")])
    return _checked(rows, _site) if found == "sites" else _checked(rows, _installation)


def _text(content: bytes) -> str:
    for bom, encoding in BOMS.items():
        if content.startswith(bom):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError as error:
                line = error.object[: error.start].count(b"\n") + 1
                raise InvalidCsvError(
                    [(line, f"it is not {encoding}, as its beginning says")]
                ) from error
    if b"\x00" in content:
        raise InvalidCsvError([(1, "it is UTF-16 without its mark, or no text: save it as UTF-8")])
    lines = content.split(b"\n")
    strange = [number for number, line in enumerate(lines, start=1) if not _decodes(line, "utf-8")]
    if not strange:
        return content.decode()
    if any(not line.isascii() and _decodes(line, "utf-8") for line in lines):
        raise InvalidCsvError([(line, "it is not UTF-8, as other lines are") for line in strange])
    if wrong := [line for line in strange if not _decodes(lines[line - 1], "cp1252")]:
        raise InvalidCsvError([(line, "it is neither UTF-8 nor Windows-1252") for line in wrong])
    return content.decode("cp1252")


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _rows(text: str, kind: Kind | None) -> tuple[Kind, list[_Row]]:
    head = text.partition("\n")[0]
    delimiter = max(";,\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    faults: list[tuple[int, str]] = []
    rows: list[_Row] = []
    try:
        kind, columns = _head(next(reader, []), kind)
        before = reader.line_num
        for cells in reader:
            line, before = before + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(columns):
                faults.append((line, f"it has {len(cells)} columns, and not {len(columns)}"))
                continue
            values = (" ".join(cell.split()) for cell in cells)
            rows.append(_Row(line, dict(zip(columns, values, strict=True))))
    except csv.Error as error:
        raise InvalidCsvError(
            [*faults, (reader.line_num, f"it cannot be read: {error}")]
        ) from error
    if faults:
        raise InvalidCsvError(faults)
    return kind, rows


def _head(cells: Sequence[str], wanted: Kind | None) -> tuple[Kind, list[str]]:
    """What the file is, and its columns by the names that they have here."""
    names = [cell.strip().casefold() for cell in cells]
    kind: Kind = "installations" if "technicalinstallationid" in names else "sites"
    if wanted is not None and wanted != kind and any(names):
        raise InvalidCsvError(
            [(1, f"these are not the columns of {wanted}: {', '.join(COLUMNS[wanted])}")]
        )
    known = {name.casefold(): name for name in COLUMNS[kind]}
    faults = [
        f"there is no column {cell.strip()!r}"
        for cell in cells
        if cell.strip().casefold() not in known
    ]
    faults += [
        f"the column {known[name]} is there twice" for name in known if names.count(name) > 1
    ]
    faults += [
        f"the column {name} is missing" for name in NEEDED[kind] if name.casefold() not in names
    ]
    if faults:
        said = f"of {kind}: {', '.join(COLUMNS[kind])}"
        raise InvalidCsvError([(1, f"{fault} ({said})") for fault in faults])
    return kind, [known[name] for name in names]


def _checked(rows: Sequence[_Row], make: Callable[[_Row], tuple[object, T]]) -> list[T]:
    """Each row as what it stands for, none twice."""
    faults: list[tuple[int, str]] = []
    lines: dict[object, int] = {}
    made: list[T] = []
    for row in rows:
        try:
            key, one = make(row)
        except ValueError as error:
            faults.append((row.line, str(error)))
            continue
        if key in lines:
            faults.append((row.line, f"it repeats line {lines[key]}"))
        lines.setdefault(key, row.line)
        made.append(one)
    if faults:
        raise InvalidCsvError(faults)
    return made


def _site(row: _Row) -> tuple[object, Site]:
    number = _number(row, "id")
    name, establishment = row.cells["name"], row.cells.get("establishment", "")
    if not name and not establishment:
        raise ValueError("its name is blank")
    city, zip_code = row.cells.get("city", ""), row.cells.get("zip", "")
    return number, Site(number, name, establishment, city, zip_code)


def _installation(row: _Row) -> tuple[object, Installation]:
    number, name = _number(row, "technicalInstallationId"), row.cells.get("name", "")
    site = _number(row, "siteId") if row.cells.get("siteId") else None
    if site is None and not name:
        raise ValueError("it has neither a siteId nor a name")
    return (site, number), Installation(site, number, name)


def _number(row: _Row, column: str) -> int:
    text = row.cells[column]
    if not re.fullmatch(r"-?[0-9]{1,16}", text) or abs(int(text)) > ID_LIMIT:
        raise ValueError(f"{column} is no whole number of KARE's: {text[:40]!r}")
    return int(text)
