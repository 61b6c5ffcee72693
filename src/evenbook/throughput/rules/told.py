"""What the mails about new decisions and about a month say. Plain text; names are put on one line.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from evenbook.closures.rules.told import Letter
from evenbook.closures.rules.writing import one_line
from evenbook.kit.findings import counted

NEW = """{name},

{decisions} for you since this week's run:

{listed}

Nothing moves by itself. Each stands with its evidence at

{link}
"""


MONTH = """{name},

{headline}

{listed}

The pack for the calibration meeting, as a page, a PDF and slides, is at

{link}
"""


def of_the_month(name: str, month: str, headline: str, sentences: Sequence[str], *, link: str) -> Letter:
    """Return what a leader is told of the month that is over: the sentences of the pack."""
    listed = "\n".join(map(one_line, sentences))
    text = MONTH.format(name=one_line(name), headline=one_line(headline), listed=listed, link=link)
    return Letter(f"Monthly calibration, {month}", text)


def of_decisions(name: str, waiting: Sequence[tuple[str, str]], *, link: str) -> Letter:
    """Return what a leader is told of what newly waits for them, in one mail.

    Args:
        name: the leader's.
        waiting: about whom, and the sentence.
        link: where the decisions are.
    """
    decisions = counted(len(waiting), "decision waits", "decisions wait")
    listed = "\n".join(f"{one_line(who)}: {one_line(sentence)}" for who, sentence in waiting)
    text = NEW.format(name=one_line(name), decisions=decisions.capitalize(), listed=listed, link=link)
    return Letter(f"{decisions.capitalize()} for you", text)
