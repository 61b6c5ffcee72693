"""The words of the Monday mail of the hot sheet.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evenbook.closures.rules.told import Letter
from evenbook.documents.wording import one_line

MINE = """Hello {name},

{said} on the hot sheet of {day}.

{rows}

When each has had its first action, the sheet is worked for this week:

{link}
"""
OVER = """Hello {name},

{said} of the hot sheet of {day} not fit into the hours that their people have this week. Reassign them today:

{rows}

{link}
"""


@dataclass(frozen=True)
class Line:
    """A row as the mail tells it; ``due_on`` is the day of its first action, empty where there was one."""

    account: str
    reasons: tuple[str, ...]
    play: str
    change: str
    due_on: str


def of_rows(name: str, lines: Sequence[Line], *, total: int, day: str, link: str) -> Letter:
    """Return what an owner is told of their rows, the first ones listed."""
    said = "One account of yours is" if total == 1 else f"{total} accounts of yours are"
    listed = [_row(number, line) for number, line in enumerate(lines, 1)]
    text = MINE.format(
        name=one_line(name), said=said, day=day, rows="\n\n".join([*listed, *_more(total, lines)]), link=link
    )
    return Letter(f"Hot sheet: {said[0].lower()}{said[1:]} on it", text)


def of_what_does_not_fit(
    name: str, rows: Sequence[tuple[str, str, str]], *, total: int, of_rows: int, day: str, link: str
) -> Letter:
    """Return what a leader is told of rows, each as (account, owner, why), that nobody can work."""
    does = "does" if total == 1 else "do"
    said = f"{total} of {of_rows} rows {does}"
    listed = [f"{one_line(account)} ({one_line(owner) or 'nobody'}): {why}" for account, owner, why in rows]
    text = OVER.format(
        name=one_line(name), said=said, day=day, rows="\n".join([*listed, *_more(total, rows)]), link=link
    )
    return Letter(f"Hot sheet: {total} of {of_rows} rows {does} not fit", text)


def _row(number: int, line: Line) -> str:
    change = f" ({one_line(line.change)})" if line.change else ""
    said = [f"{number}. {one_line(line.account)}{change}: {'; '.join(map(one_line, line.reasons))}"]
    if line.play:
        said.append(f"   First: {one_line(line.play)}")
    if line.due_on:
        said.append(f"   By {line.due_on}")
    return "\n".join(said)


def _more(total: int, listed: Sequence[object]) -> list[str]:
    return [f"… and {total - len(listed)} more."] if total > len(listed) else []
