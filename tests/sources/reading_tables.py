"""Short ways to write a file and read it back, for the tests of reading."""

from __future__ import annotations

from pathlib import Path

from evenbook.sources.reading import Given, Limits, RejectedRow, Row, Sheet, Unread, open_paths


def everything(*paths: Path | str | Given, limits: Limits | None = None) -> list[Sheet | Unread]:
    return list(open_paths(paths, limits))


def only_sheet(path: Path | Given, limits: Limits | None = None) -> Sheet:
    (found,) = everything(path, limits=limits)
    assert isinstance(found, Sheet), found
    return found


def only_unread(path: Path | Given, limits: Limits | None = None) -> Unread:
    (found,) = everything(path, limits=limits)
    assert isinstance(found, Unread), found.header
    return found


def sheet_of(folder: Path, data: str | bytes, name: str = "table.csv", limits: Limits | None = None) -> Sheet:
    return only_sheet(written(folder, data, name), limits)


def unread_of(
    folder: Path, data: str | bytes, name: str = "table.csv", limits: Limits | None = None
) -> Unread:
    return only_unread(written(folder, data, name), limits)


def written(folder: Path, data: str | bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def rows(sheet: Sheet) -> list[list[object]]:
    return [list(row.values) for row in sheet.rows() if isinstance(row, Row)]


def numbers(sheet: Sheet) -> list[int]:
    return [row.number for row in sheet.rows() if isinstance(row, Row)]


def rejects(sheet: Sheet) -> list[tuple[int, str]]:
    return [(row.number, row.reason) for row in sheet.rows() if isinstance(row, RejectedRow)]


def left_out(sheet: Sheet) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for batch in sheet.batches() for row in batch.left_out]
