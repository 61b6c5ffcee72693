"""What a pack tells of a handoff and of each account, in plain values.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

STATE, DECISIONS, PEOPLE, DATES, WRITTEN = (
    "where it stands",
    "decisions",
    "people",
    "next dates",
    "what was written last",
)
ARR, RENEWAL = "yearly revenue", "renewal date"


@dataclass(frozen=True)
class Said:
    """An artifact in words: its kind, its day, who wrote it, and its answers by what was asked."""

    title: str
    on: date
    by: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Contact:
    """Somebody on the customer's side."""

    name: str
    title: str
    role: str
    mail: str
    is_champion: bool


@dataclass(frozen=True)
class Owed:
    """A loop or a promise that is open: what, who does it, by which day, and whether that day is past."""

    what: str
    who: str
    by: date
    is_overdue: bool


@dataclass(frozen=True)
class Ahead:
    """A day ahead, and what is on it."""

    on: date
    what: str


@dataclass(frozen=True)
class Role:
    """A role that somebody has on an account of somebody else: which, whose account, and if they work it."""

    account: str
    title: str
    owner: str
    works: bool


@dataclass(frozen=True)
class AccountTold:
    """All that a reader needs to take one account over.

    Args:
        name: of the account.
        receiver: who receives it.
        is_confirmed: whether they have confirmed it.
        tier: as people call it, empty where it is not known.
        attributes: segment, stage and region, those that are known.
        arr_cents: yearly revenue, in minor units.
        renews_on: the day of the renewal.
        last_contact_on: the day of the last meaningful contact.
        state: in words, empty where no run has seen it.
        state_since_on: since when.
        score: of health, 0 to 100.
        reasons: why the score is what it is, in sentences.
        people: champions first.
        decisions: the last decision records.
        promises: what artifacts promise and is not done.
        loops: what is open.
        dates: ahead, the first first.
        written: the last artifact of every other kind.
        lacking: the artifacts that the tier requires and that are missing or expired, in words.
        roles: who has which role on it besides its owner, in words.
        passes: the role that passes on, in words; empty where its ownership does.
    """

    name: str
    receiver: str
    is_confirmed: bool
    tier: str
    attributes: tuple[str, ...]
    arr_cents: int | None
    renews_on: date | None
    last_contact_on: date | None
    state: str
    state_since_on: date | None
    score: float | None
    reasons: tuple[str, ...]
    people: tuple[Contact, ...]
    decisions: tuple[Said, ...]
    promises: tuple[Owed, ...]
    loops: tuple[Owed, ...]
    dates: tuple[Ahead, ...]
    written: tuple[Said, ...]
    lacking: tuple[str, ...]
    roles: tuple[str, ...] = ()
    passes: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """What a reader would look for and not find."""
        found = {
            STATE: self.state,
            ARR: self.arr_cents is not None,
            RENEWAL: self.renews_on,
            PEOPLE: self.people,
            DECISIONS: self.decisions,
            DATES: self.dates,
            WRITTEN: self.written,
        }
        return tuple(name for name, is_there in found.items() if not is_there)

    @property
    def open_count(self) -> int:
        """How much is open: loops and promises."""
        return len(self.loops) + len(self.promises)


@dataclass(frozen=True)
class HandoffTold:
    """What the first page of a pack tells.

    Args:
        giver: who hands over.
        receivers: who receives, each with how many accounts.
        reason: in words.
        first_on: the first day without the giver.
        back_on: the day on which they are back.
        announced_on: when it was announced.
        as_of: the day that the figures are as of.
        currency: of all money.
        note: the cover note, empty where there is none.
        note_owed: whether a cover note is asked for and not written.
        closed: names of accounts that the reader may not open.
        roles: what the giver has on accounts that are not in it, which this handoff gives to nobody.
    """

    giver: str
    receivers: tuple[tuple[str, int], ...]
    reason: str
    first_on: date
    back_on: date | None
    announced_on: date
    as_of: date
    currency: str
    note: str = ""
    note_owed: bool = False
    closed: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
