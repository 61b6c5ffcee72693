"""Finding the files of an import, and keeping those of which rows wait."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from evenbook.sources.models import KeptFile
from evenbook.sources.numbers import SourcesNumbers
from evenbook.sources.reading import Given, Limits, Sheet, Unread, open_paths
from evenbook.sources.reading.opening import is_hidden_name

FOLDER = "imports"


@dataclass(frozen=True, slots=True)
class Opened:
    """A table, or what could not be read, with the file on disk that it came from."""

    found: Sheet | Unread
    given: Given


def limits_of(numbers: SourcesNumbers) -> Limits:
    """Return the limits of reading that policy sets."""
    return Limits(
        columns=numbers.max_columns,
        cell_characters=numbers.max_cell_characters,
        archive_members=numbers.zip_max_files,
        archive_bytes=numbers.zip_max_mb * 1024 * 1024,
        archive_ratio=max(1, int(numbers.zip_max_ratio)),
    )


def given_files(paths: Sequence[Path | Given]) -> list[Given]:
    """Return the files of paths and folders, each under the name to show."""
    files: list[Given] = []
    folders = [path for path in paths if isinstance(path, Path) and path.is_dir()]
    names = [path.name for path in paths if isinstance(path, Path)]
    for path in paths:
        if isinstance(path, Given):
            files.append(path)
        elif path.is_dir():
            prefix = f"{path.absolute().name}/" if len(folders) > 1 else ""
            files.extend(_in_folder(path, prefix))
        else:
            folder = path.absolute().parent.name
            shown = f"{folder}/{path.name}" if names.count(path.name) > 1 else path.name
            files.append(Given(path, shown, folder))
    return files


def _in_folder(folder: Path, prefix: str) -> Iterator[Given]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not any(is_hidden_name(part) for part in inside.parts):
            yield Given(path, prefix + inside.as_posix(), path.absolute().parent.name)


def opened(files: Sequence[Given], limits: Limits) -> Iterator[Opened]:
    """Yield every table of the files, and what could not be read."""
    for given in files:
        for found in open_paths([given], limits):
            yield Opened(found, given)


def kept_files(home: Path) -> list[Given]:
    """Return the files of which rows wait."""
    rows = KeptFile.objects.order_by("kept_at", "pk").values_list("path", "name", "folder")
    return [Given(home / path, name, folder) for path, name, folder in rows]


def keep_waiting(home: Path, waiting: Sequence[tuple[Given, str]], now: datetime) -> None:
    """Keep copies of files of which rows wait, and let go of those of which none does any more."""
    wanted: set[tuple[str, str]] = set()
    for given, sha256 in waiting:
        wanted.add((sha256, given.name))
        if KeptFile.objects.filter(sha256=sha256, name=given.name).exists():
            continue
        target = home / FOLDER / sha256[:16] / Path(given.name).name
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.resolve() != given.path.resolve():
            shutil.copyfile(given.path, target)
        relative = str(target.relative_to(home))
        KeptFile.objects.create(
            sha256=sha256, name=given.name, folder=given.folder, path=relative, kept_at=now
        )


def let_go(home: Path, settled: Sequence[tuple[str, str]]) -> None:
    """Forget kept files of which every row is settled."""
    for sha256, name in settled:
        for row in KeptFile.objects.filter(sha256=sha256, name=name):
            row.delete()
            if not KeptFile.objects.filter(path=row.path).exists():
                (home / row.path).unlink(missing_ok=True)
