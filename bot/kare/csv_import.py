"""A CSV file of sites or installations: read completely or not at all. Every fault has its line."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from blocks.anomaly.model import ID_LIMIT
from blocks.compared import compared
from storage.catalogue import Installation, Site

Kind = Literal["sites", "installations"]
Fault = tuple[int, str]
"""A line's number, from 1, and a sentence."""
BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class InvalidCsvError(Exception):
    """The file cannot be imported: a sentence for each fault, in the order of the lines."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


def _whole(text: str) -> int:
    """An id in KARE. pydantic would also take 1_000 and +5."""
    if not re.fullmatch(r"-?[0-9]{1,16}", text) or abs(int(text)) > ID_LIMIT:
        raise ValueError(f"is not a whole number of KARE's: {text[:40]!r}")
    return int(text)


def _whole_or_blank(text: str) -> int | None:
    return _whole(text) if text else None


class _SiteRow(BaseModel):
    """The fields are the columns, by their names in the file."""

    id: Annotated[int, BeforeValidator(_whole)]
    name: str
    establishment: str = ""
    city: str = ""
    zip: str = ""

    @model_validator(mode="after")
    def _has_a_name(self) -> "_SiteRow":
        if not self.name and not self.establishment:
            raise ValueError("its name is blank")
        return self

    @property
    def key(self) -> object:
        return self.id

    def value(self) -> Site:
        return Site(self.id, self.name, self.establishment, self.city, self.zip)


class _InstallationRow(BaseModel):
    siteId: Annotated[int | None, BeforeValidator(_whole_or_blank)] = None  # noqa: N815 - the column's name
    technicalInstallationId: Annotated[int, BeforeValidator(_whole)]  # noqa: N815
    name: str = ""

    @model_validator(mode="after")
    def _says_something(self) -> "_InstallationRow":
        if self.siteId is None and not self.name:
            raise ValueError("it has neither a siteId nor a name")
        return self

    @property
    def key(self) -> object:
        return self.siteId, self.technicalInstallationId

    def value(self) -> Installation:
        return Installation(self.siteId, self.technicalInstallationId, self.name)


ROWS: Mapping[Kind, type[_SiteRow] | type[_InstallationRow]] = {
    "sites": _SiteRow,
    "installations": _InstallationRow,
}
COLUMNS: Mapping[Kind, tuple[str, ...]] = {
    kind: tuple(row.model_fields) for kind, row in ROWS.items()
}
"""In a file they may come in any order, and in any case."""
NEEDED: Mapping[Kind, tuple[str, ...]] = {
    kind: tuple(name for name, field in row.model_fields.items() if field.is_required())
    for kind, row in ROWS.items()
}


def read(content: bytes, kind: Kind | None = None) -> Sequence[Site] | Sequence[Installation]:
    """The rows of a file.

    :param kind: the kind that the file must be of; otherwise its columns decide
    :raises InvalidCsvError: with every fault
    """
    file_kind, rows = _rows(_text(content), kind)
    if not rows:
        raise InvalidCsvError([(1, "there is nothing below the names of the columns")])
    return _checked(rows, TypeAdapter(ROWS[file_kind]))


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


_Row = tuple[int, Mapping[str, str]]
"""The first line of a row, which quotation marks can make longer, and its cells by column."""


def _rows(text: str, kind: Kind | None) -> tuple[Kind, list[_Row]]:
    head = text.partition("\n")[0]
    delimiter = max(";,\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    faults: list[Fault] = []
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
            rows.append((line, dict(zip(columns, values, strict=True))))
    except csv.Error as error:
        raise InvalidCsvError(
            [*faults, (reader.line_num, f"it cannot be read: {error}")]
        ) from error
    if faults:
        raise InvalidCsvError(faults)
    return kind, rows


def _head(cells: Sequence[str], expected: Kind | None) -> tuple[Kind, list[str]]:
    """The kind of the file, and its columns by their names in `COLUMNS`."""
    names = [compared(cell) for cell in cells]
    kind: Kind = "installations" if "technicalinstallationid" in names else "sites"
    if expected is not None and expected != kind and any(names):
        raise InvalidCsvError(
            [(1, f"these are not the columns of {expected}: {', '.join(COLUMNS[expected])}")]
        )
    column_names = {compared(name): name for name in COLUMNS[kind]}
    faults = [
        f"there is no column {cell.strip()!r}"
        for cell in cells
        if compared(cell) not in column_names
    ]
    faults += [
        f"the column {column_names[name]} is there twice"
        for name in column_names
        if names.count(name) > 1
    ]
    faults += [
        f"the column {name} is missing" for name in NEEDED[kind] if compared(name) not in names
    ]
    if faults:
        columns = f"of {kind}: {', '.join(COLUMNS[kind])}"
        raise InvalidCsvError([(1, f"{fault} ({columns})") for fault in faults])
    return kind, [column_names[name] for name in names]


def _checked(rows: Sequence[_Row], adapter: TypeAdapter[Any]) -> list[Any]:
    """The values of the rows. Every row has its own id."""
    faults: list[Fault] = []
    first_lines: dict[object, int] = {}
    values: list[Any] = []
    for line, cells in rows:
        try:
            row = adapter.validate_python(cells)
        except ValidationError as error:
            faults += [(line, _sentence(fault)) for fault in error.errors()]
            continue
        first = first_lines.setdefault(row.key, line)
        if first != line:
            faults.append((line, f"it repeats line {first}"))
        values.append(row.value())
    if faults:
        raise InvalidCsvError(faults)
    return values


def _sentence(error: Any) -> str:
    return " ".join([*error["loc"], str(error["msg"]).removeprefix("Value error, ")])
