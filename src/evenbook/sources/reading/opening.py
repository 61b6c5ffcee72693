"""From paths to tables: finds the files, looks at what each one is, and hands it to its reader.

What a file is, its first bytes say; the ending of its name only decides between kinds of text.
Whatever cannot be read becomes an ``Unread`` with a reason, so that no file is dropped silently
and none makes the others fail.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from evenbook.kit.errors import EvenbookError
from evenbook.sources.reading.archive import Budget, is_zip, members_of, zip_kind
from evenbook.sources.reading.columnar import read_parquet
from evenbook.sources.reading.delimited import read_delimited
from evenbook.sources.reading.limits import Limits
from evenbook.sources.reading.origin import Given, Origin, on_disk
from evenbook.sources.reading.records import read_json
from evenbook.sources.reading.sheets import Batch, ReadingStopped, Sheet, Unread, reason_of
from evenbook.sources.reading.workbook import read_workbook

TABLE_TEXT = frozenset({"csv", "tsv", "tab", "psv", "txt", "xls"})
JSON_TEXT = frozenset({"json", "jsonl", "ndjson"})
IGNORED = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})
MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml")

CALENDAR = "it is a calendar; its leave comes in with `evenbook leave import`, or on a person's profile"

MAGIC: tuple[tuple[bytes, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0",
        "it is an old or locked Excel file; save it as .xlsx without a password",
    ),
    (b"%PDF", "it is a PDF; export the table as CSV or XLSX"),
    (b"\x1f\x8b", "it is packed with gzip; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "it is packed with zstd; unpack it first"),
    (b"BZh", "it is packed with bzip2; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "it is packed with 7-Zip; unpack it or use zip"),
    (b"Rar!", "it is packed with RAR; unpack it or use zip"),
    (b"SQLite format 3\x00", "it is a SQLite database; export its tables as CSV"),
)
PACKED_NAMES = {
    "ods": "it is an OpenDocument file; save it as .xlsx or CSV",
    "xlsb": "it is a binary workbook; save it as .xlsx or CSV",
    "document": "it is a text document or a presentation, not a table",
}


def open_paths(paths: Iterable[Path | str | Given], limits: Limits | None = None) -> Iterator[Sheet | Unread]:
    """Return the tables of files and folders, in the order given, folders sorted by name.

    A file is looked at when the iteration reaches it, not before. Hidden files are passed over.

    Args:
        paths: files, folders (with all folders in them) and uploads under another name.
        limits: what is refused; the defaults where None.
    """
    limits = limits or Limits()
    for origin in _origins(paths, limits):
        if isinstance(origin, Unread):
            yield origin
        else:
            yield from _opened(origin, limits, Budget(limits.archive_bytes), depth=0)


def _origins(paths: Iterable[Path | str | Given], limits: Limits) -> Iterator[Origin | Unread]:
    given = [path if isinstance(path, Given) else Path(path) for path in paths]
    folders = [path for path in given if isinstance(path, Path) and path.is_dir()]
    names = Counter(path.name for path in given)
    for path in given:
        if isinstance(path, Given):
            yield _origin(path.path, path.name, path.folder or PurePosixPath(path.name).parent.name)
        elif path.is_dir():
            prefix = f"{path.absolute().name}/" if len(folders) > 1 else ""
            yield from _in_folder(path, prefix, limits)
        else:
            twice = names[path.name] > 1
            folder = path.absolute().parent.name
            yield _origin(path, f"{folder}/{path.name}" if twice else path.name, folder)


def _in_folder(folder: Path, prefix: str, limits: Limits) -> Iterator[Origin | Unread]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not _is_hidden(path, folder))
    for path in files[: limits.files]:
        name = prefix + path.relative_to(folder).as_posix()
        yield _origin(path, name, path.absolute().parent.name)
    if len(files) > limits.files:
        reason = f"it holds {len(files):,} files; only the first {limits.files:,} are read"
        yield Unread(folder.name, reason, "refused")


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(is_hidden_name(part) for part in path.relative_to(folder).parts)


def is_hidden_name(name: str) -> bool:
    """Return whether a name is one of those that systems leave behind."""
    return name.startswith((".", "~$")) or name in IGNORED


def _origin(path: Path, name: str, folder: str) -> Origin | Unread:
    try:
        if not path.exists():
            return Unread(name, "there is no such file", "damaged")
        if not path.is_file():
            return Unread(name, "it is not a plain file", "damaged")
        return on_disk(path, name, folder)
    except OSError as error:
        return Unread(name, f"it cannot be opened ({error.strerror})", "damaged")


def _opened(origin: Origin, limits: Limits, budget: Budget, *, depth: int) -> Iterator[Sheet | Unread]:
    """Give the tables of one file, guarded: what its reader cannot take becomes an outcome."""
    try:
        for found in _read(origin, limits, budget, depth=depth):
            yield replace(found, stream=_guarded(found, limits)) if isinstance(found, Sheet) else found
    except EvenbookError as error:
        yield Unread(origin.name, reason_of(error), "damaged")
    except MemoryError:
        yield Unread(origin.name, "it needs more memory than there is", "refused")
    except OSError as error:
        yield Unread(origin.name, f"it cannot be read ({error.strerror or error})", "damaged")
    except Exception as error:  # a reader of a foreign format may raise anything on a damaged file
        yield Unread(origin.name, f"it is damaged ({type(error).__name__})", "damaged")


def _read(origin: Origin, limits: Limits, budget: Budget, *, depth: int) -> Iterator[Sheet | Unread]:
    head = origin.head(4096)
    if not head:
        yield Unread(origin.name, "the file is empty", "empty")
    elif is_zip(head):
        yield from _packed(origin, limits, budget, depth=depth)
    elif head.startswith(b"PAR1"):
        yield from read_parquet(origin, limits)
    else:
        yield from _plain(origin, head, limits)


def _plain(origin: Origin, head: bytes, limits: Limits) -> Iterator[Sheet | Unread]:
    magic = next((words for start, words in MAGIC if head.startswith(start)), None)
    if magic:
        yield Unread(origin.name, magic, "damaged" if _promises_data(origin) else "unknown_type")
    elif origin.extension in JSON_TEXT:
        yield from read_json(origin, limits)
    elif origin.extension in TABLE_TEXT:
        if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(MARKUP):
            yield Unread(
                origin.name, "it is a web page or XML under another name; export it as CSV", "damaged"
            )
        else:
            yield read_delimited(origin, limits)
    elif head.lstrip(b"\xef\xbb\xbf \t\r\n").upper().startswith(b"BEGIN:VCALENDAR"):
        yield Unread(origin.name, CALENDAR, "unknown_type")
    elif _promises_data(origin):
        yield Unread(origin.name, f"it is not what its ending .{origin.extension} says", "damaged")
    else:
        yield Unread(origin.name, _unknown(origin), "unknown_type")


def _promises_data(origin: Origin) -> bool:
    return origin.extension in TABLE_TEXT | JSON_TEXT | {"xlsx", "xlsm", "parquet", "zip"}


def _unknown(origin: Origin) -> str:
    ending = f"a .{origin.extension} file" if origin.extension else "a file without an ending"
    return f"{ending} is not a table that can be imported"


def _packed(origin: Origin, limits: Limits, budget: Budget, *, depth: int) -> Iterator[Sheet | Unread]:
    kind = zip_kind(origin, limits)
    if isinstance(kind, Unread):
        yield kind
    elif kind == "xlsx":
        yield from read_workbook(origin, limits)
    elif kind != "zip":
        yield Unread(origin.name, PACKED_NAMES[kind], "damaged" if kind != "document" else "unknown_type")
    elif depth >= limits.archive_depth:
        yield Unread(origin.name, f"zips are nested more than {limits.archive_depth} deep", "refused")
    else:
        for member in members_of(origin, limits, budget):
            if isinstance(member, Unread):
                yield member
            else:
                yield from _opened(member, limits, budget, depth=depth + 1)


def _guarded(sheet: Sheet, limits: Limits) -> Callable[[int], Iterator[Batch]]:
    """Make a stream that breaks, or does not end, raise one kind of error only."""

    def stream(size: int) -> Iterator[Batch]:
        rows = 0
        try:
            for batch in sheet.stream(size):
                rows += len(batch.rows) + len(batch.rejected)
                if rows > limits.rows:
                    raise _too_long(sheet, limits)
                yield batch
        except EvenbookError:
            raise
        except Exception as error:
            raise ReadingStopped(
                f"{sheet.file}: reading broke off ({type(error).__name__}).",
                fix="Export the file again; nothing of it was kept.",
            ) from error

    return stream


def _too_long(sheet: Sheet, limits: Limits) -> ReadingStopped:
    return ReadingStopped(
        f"{sheet.file}: it has more than {limits.rows:,} rows.",
        fix="Aggregate it where it lies, or split it into several files.",
    )
