"""What the mails about load and coverage say. Plain text; names are put on one line.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evenbook.closures.rules.writing import one_line

FIRST = """{name},

{sentence}

{reasons}

You see this first: your weeks, with what is open and since when, are at

{link}

It is about the load, not about you. If it stays so, whoever leads you sees it as a decision waiting for them.
"""
SINCE_NOW = """{name},

{sentence}

{reasons}

Your weeks, with what is open and since when, are at

{link}

Whoever leads you sees the same as a decision waiting for them. It is about the load, not about you.
"""
WAITING = """{name},

{decisions}:

{people}

Each waits for your decision, with its evidence, at

{link}
"""
AUDIT = """{name},

{sentence}

The audit, with a suggested diagnosis for each, is at

{link}
"""
POOL = """{name},

{overdue} of the pool {pool} {are} overdue, {new} of them since last week. You lead the pool, so they are
yours as long as nobody takes them.

They stand on your week, where you close them or take them:

{link}
"""


@dataclass(frozen=True)
class Letter:
    """A mail before it has an address: its subject and its text."""

    subject: str
    text: str


def to_the_person(name: str, sentence: str, reasons: Sequence[str], *, waits: bool, link: str) -> Letter:
    """Return what a person is told of their own load."""
    text = (SINCE_NOW if waits else FIRST).format(
        name=one_line(name), sentence=sentence, reasons="\n".join(reasons), link=link
    )
    return Letter("Your load" if waits else "Your load, before anybody else sees it", text)


def to_a_leader(name: str, people: Sequence[tuple[str, Sequence[str]]], *, link: str) -> Letter:
    """Return what a leader is told of all whose warning is new, in one mail."""
    count = len(people)
    said = "One person's load is" if count == 1 else f"The load of {count} people is"
    decisions = f"{said} past what can be sustained: redistribute or hire"
    listed = "\n".join(f"{one_line(who)}: {' '.join(reasons)}" for who, reasons in people)
    text = WAITING.format(name=one_line(name), decisions=decisions, people=listed, link=link)
    return Letter(f"Early warning: {said[0].lower()}{said[1:]} past sustainable", text)


def of_the_audit(name: str, sentence: str, *, day: str, link: str) -> Letter:
    """Return the week's audit in a sentence."""
    return Letter(f"Weekly audit of {day}", AUDIT.format(name=one_line(name), sentence=sentence, link=link))


def of_a_pool(name: str, pool: str, *, overdue: int, new: int, link: str) -> Letter:
    """Return what whoever leads a pool is told of its overdue loops."""
    said = "One loop" if overdue == 1 else f"{overdue} loops"
    told = {"name": one_line(name), "pool": one_line(pool), "overdue": said, "new": new, "link": link}
    text = POOL.format(are="is" if overdue == 1 else "are", **told)
    return Letter(f"{said} of {one_line(pool)[:80]} overdue", text)
