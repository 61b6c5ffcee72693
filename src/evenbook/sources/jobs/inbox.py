"""Imports what lies in a folder: the inbox, named by ``EVENBOOK_INBOX``.

A file that has not changed for half a minute is taken; files that came together are one import.
Once it is done they are moved to the inbox's folder ``done``, under the time of the import, and are
never deleted. What is refused stays where it is, with a run that says why. Links are not followed.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from evenbook.kit.findings import counted
from evenbook.people.viewer import SYSTEM
from evenbook.runs import actions as runs
from evenbook.runs.declared import IMPORTS, Doing, Work
from evenbook.sources.actions import import_files
from evenbook.sources.actions.importing import ImportRefused
from evenbook.sources.reading.opening import is_hidden_name

QUIET_SECONDS = 30
DONE = "done"


def look_into(now: datetime) -> None:
    """Ask for an import of what lies in the inbox and has been quiet, once for the same files."""
    folder = inbox()
    if folder is None or not folder.is_dir():
        return
    files = _files(folder)
    newest = max((file.stat().st_mtime for file in files), default=0.0)
    if not files or now.timestamp() - newest < QUIET_SECONDS:
        return
    names = [str(file.relative_to(folder)) for file in files]
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    runs.begin(
        INBOX,
        key=f"inbox:{_mark(folder, files)}",
        by=SYSTEM.name,
        now=now,
        about=f"{names[0][:120]}{more}",
        given={"names": names},
    )


def do_inbox(doing: Doing, *, names: list[str]) -> str:
    """Import files of the inbox, then move them out of the way."""
    says = doing.step("Load the files", lambda: _loaded(doing, names))
    doing.step("Move them to done", lambda: _moved(names, doing.began_at))
    return says


INBOX = Work("import-inbox", "Import from the inbox", IMPORTS, do_inbox)


def inbox() -> Path | None:
    """Return the folder whose files are imported as they come, None where none is named."""
    return Path(settings.EVENBOOK_INBOX) if settings.EVENBOOK_INBOX else None


def _loaded(doing: Doing, names: list[str]) -> str:
    folder = inbox()
    paths = [folder / name for name in names if (folder / name).is_file()] if folder else []
    if not paths:
        raise ImportRefused("The files are no longer in the inbox.", fix="Put them there again.")
    read: dict[str, int] = {}

    def progress(file: str, rows: int) -> None:
        read[file] = read.get(file, 0) + rows
        doing.count(sum(read.values()), words=f"rows, now {file}")

    home = Path(settings.EVENBOOK_HOME)
    report = import_files(paths, by=SYSTEM, now=datetime.now(UTC), home=home, progress=progress)
    asked = len(report.questions)
    opens = f"; {counted(asked, 'question is', 'questions are')} open" if asked else ""
    rows, rejected = counted(report.total("rows"), "row", "rows"), report.total("rejected")
    return f"{rows} read, {rejected:,} rejected{opens}."


def _moved(names: list[str], at: datetime) -> int:
    """Move the files that are still there; those of an earlier try have gone already."""
    folder, moved = inbox(), 0
    for name in names if folder else ():
        assert folder is not None
        if (folder / name).is_file():
            target = folder / DONE / f"{at:%Y-%m-%dT%H%M%S}" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            (folder / name).replace(target)
            moved += 1
    return moved


def _files(folder: Path) -> list[Path]:
    """Return the files in the inbox and its folders, hidden ones, links and what is done left out."""
    found = []
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        is_ours = parts[0] != DONE and not any(is_hidden_name(part) for part in parts)
        is_link = any((folder / Path(*parts[:depth])).is_symlink() for depth in range(1, len(parts) + 1))
        if is_ours and not is_link and path.is_file():
            found.append(path)
    return found


def _mark(folder: Path, files: list[Path]) -> str:
    """Return what tells these files, as they are, from others."""
    told = [(str(file.relative_to(folder)), file.stat().st_size, file.stat().st_mtime_ns) for file in files]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]
