"""Whether an owner's name is asked about, and how. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from evenbook.sources.rules.questions import Question, question_id

NEW, POOL, NOBODY, ROBOT = "a new person", "a pool", "nobody", "not a person"
IS = "is: "


def owner(file: str, column: str, said: str, source: str, *, likely: Sequence[str], is_odd: bool) -> Question:
    """Return the question who owns accounts under this name.

    Args:
        file: where it came up.
        column: the column.
        said: the name, address or id.
        source: whose name it is.
        likely: keys of people with nearly this name.
        is_odd: whether it looks like a queue or a robot.
    """
    same = tuple(IS + key for key in likely)
    others = (POOL, ROBOT, NOBODY, NEW) if is_odd else (NEW, POOL, ROBOT, NOBODY)
    asks = (
        f"Accounts are owned by '{said}', which does not look like a person. What is it?"
        if is_odd
        else f"Accounts are owned by '{said}', who is not among the people of the team. Who is it?"
    )
    return Question(
        id=question_id("owner", source, said.casefold()),
        kind="owner",
        file=file,
        column=column,
        asks=asks,
        choices=(*same, *others),
        notes={
            NEW: "they are added to the team",
            POOL: "a pool of this name is made, and owns the accounts",
            ROBOT: "it is kept as an owner that is no person, and has no load",
            NOBODY: "the accounts have no owner",
        },
    )
