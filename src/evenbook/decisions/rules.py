"""What can be decided of each kind of decision, and how one stands.

A decision is about one *spell*: the days through which its cause holds. A cause that is found again less
than a week after it was last found is of the same spell, so that a day that is run again, or a figure that
stands at its limit, neither asks a leader twice nor tells anybody twice.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

EARLY_WARNING = "early_warning"
OVER_CEILING = "over_ceiling"
OVER_LOAD = "over_load"
ROOM = "room"
RAMPED = "ramp_completed"
LEAVE = "leave"
DEPARTURE = "departure"
UNMONITORED = "unmonitored"
RED_YELLOW = "red_yellow"
RENEWALS = "renewals_cluster"
NEW_LOGO = "new_logo"
UNANSWERED = "opening_unanswered"

SAME_SPELL = timedelta(days=7)
"""Weeks are judged one by one: after a week without it, a cause is a new one."""

NOTICED, OPEN, ACCEPTED, DECLINED, DONE, LAPSED = (
    "noticed", "open", "accepted", "declined", "done", "lapsed"
)  # fmt: skip
STATES = {
    NOTICED: "Seen by the person alone",
    OPEN: "Waiting",
    ACCEPTED: "Accepted",
    DECLINED: "Declined",
    DONE: "Done",
    LAPSED: "Lapsed",
}
"""``noticed`` is not a leader's yet: the person it is about sees it first."""

WAIT = "wait"
"""The choice that declines, of every kind: nothing is done, and a reason says why."""


@dataclass(frozen=True)
class Choice:
    """Something that can be decided."""

    value: str
    title: str

    @property
    def declines(self) -> bool:
        """Whether it does nothing, and so needs its reason."""
        return self.value == WAIT


@dataclass(frozen=True)
class Kind:
    """A kind of decision: what it is called, what can be decided, which page shows its subject's evidence."""

    title: str
    choices: tuple[Choice, ...]
    opens: str

    @property
    def moves_accounts(self) -> bool:
        """Whether one of its choices gives accounts to somebody else, which a proposal can prepare."""
        return any(each in self.choices for each in (REDISTRIBUTE, GIVE, HAND_OVER))

    def choice(self, value: str) -> Choice | None:
        """Return the choice of this value, None where there is none."""
        return next((each for each in self.choices if each.value == value), None)


WAITS = Choice(WAIT, "Wait, with a reason")
REDISTRIBUTE = Choice("redistribute", "Redistribute")
HIRE = Choice("hire", "Hire")
COVER = Choice("cover", "Name a cover")
HAND_OVER = Choice("hand_over", "Hand the book over")
GIVE = Choice("give_accounts", "Give accounts")
CATCH_UP = Choice("catch_up", "Catch up with a plan")
START_EARLY = Choice("start_early", "Start the talks early")
ANSWER = Choice("answer", "Have it answered today")
CLOSER = Choice("closer", "Give it to another closer")
ASSIGN = Choice("assign", "Assign an owner now")

KINDS = {
    EARLY_WARNING: Kind("Early warning", (REDISTRIBUTE, HIRE, WAITS), opens="closing"),
    OVER_CEILING: Kind(
        "Over the ceiling",
        (REDISTRIBUTE, Choice("fewer_meetings", "Fewer or shorter meetings"), HIRE, WAITS),
        opens="seven",
    ),
    OVER_LOAD: Kind("Over the limit of load", (REDISTRIBUTE, HIRE, WAITS), opens="seven"),
    ROOM: Kind("Room for more", (GIVE, WAITS), opens="seven"),
    RAMPED: Kind("Ramp completed", (GIVE, WAITS), opens="seven"),
    LEAVE: Kind("Leave ahead", (COVER, HAND_OVER, WAITS), opens="seven"),
    DEPARTURE: Kind("Departure ahead", (HAND_OVER, HIRE, WAITS), opens="seven"),
    UNMONITORED: Kind("Unmonitored accounts", (CATCH_UP, REDISTRIBUTE, WAITS), opens="seven"),
    RED_YELLOW: Kind("Too many red and yellow", (REDISTRIBUTE, WAITS), opens="seven"),
    RENEWALS: Kind("Renewals cluster", (REDISTRIBUTE, START_EARLY, WAITS), opens="seven"),
    UNANSWERED: Kind("An opening without an answer", (ANSWER, CLOSER, WAITS), opens="account"),
    NEW_LOGO: Kind("A customer to come", (ASSIGN, HIRE, WAITS), opens="account"),
}


@dataclass(frozen=True)
class Evidence:
    """A figure that a decision rests on, and what it is held against: in words, and as a number."""

    name: str
    value: float | None
    unit: str
    against: float | None
    against_name: str


@dataclass(frozen=True)
class Cause:
    """Why something waits for a leader: about whom, in a sentence, and what it rests on.

    With ``waits`` false the person alone sees it yet.
    """

    sentence: str
    reasons: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    person_id: int | None = None
    account_id: int | None = None
    waits: bool = True

    @property
    def subject(self) -> tuple[int | None, int | None]:
        """Whom it is about."""
        return self.person_id, self.account_id


def state_of(*, waits_from_on: date | None, ended_on: date | None, choice: str, is_done: bool) -> str:
    """Return how a decision stands."""
    if is_done:
        return DONE
    if choice:
        return DECLINED if choice == WAIT else ACCEPTED
    if ended_on is not None:
        return LAPSED
    return NOTICED if waits_from_on is None else OPEN


def is_same_spell(ended_on: date | None, found_on: date) -> bool:
    """Return whether a cause found on a day goes on with a spell, which may have ended."""
    return ended_on is None or found_on - ended_on < SAME_SPELL
