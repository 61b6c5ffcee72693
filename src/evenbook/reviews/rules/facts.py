"""What a review is drawn up from: the facts of one account, each with when it happened and became known.

``known`` cuts them as of an instant, so that what is learned later never changes what was told.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from evenbook.kit.dates import last_full_week


@dataclass(frozen=True)
class Used:
    """How much of a measure was used in a week."""

    measure: str
    week_on: date
    value: float
    known_at: datetime


@dataclass(frozen=True)
class Asked:
    """A ticket of the customer, in their words; ``solved_at`` None while it is open."""

    subject: str
    opened_at: datetime
    solved_at: datetime | None
    known_at: datetime


@dataclass(frozen=True)
class Met:
    """A meeting that was held."""

    kind: str
    at: datetime
    known_at: datetime


@dataclass(frozen=True)
class Known:
    """Somebody at the customer, as they are known."""

    name: str
    title: str
    mail: str
    is_champion: bool
    known_at: datetime
    left_at: datetime | None = None


@dataclass(frozen=True)
class Has:
    """A product that the customer has a contract for, and its seats."""

    product: str
    seats: int | None
    starts_on: date | None
    ends_on: date | None
    known_at: datetime
    lost_at: datetime | None = None


@dataclass(frozen=True)
class Told:
    """Something that is told from a day on: what is new, or a request that shipped."""

    title: str
    says: str
    on: date
    known_at: datetime
    product: str = ""


@dataclass(frozen=True)
class Facts:
    """All that is known of an account for its review.

    Attributes:
        account: its name.
        tier: 1 to 4, 0 where it is not known.
        segment: empty where it is not known.
        seats: as sources tell it, with when it was known; None where they do not.
        reported: the usage measures that were delivered for anybody in the weeks looked at.
        reviewed_at: when it was last reviewed, each with when that was known.
        our_name, our_mail: who of us answers for it.
    """

    account: str
    tier: int = 0
    segment: str = ""
    seats: tuple[tuple[float, datetime], ...] = ()
    used: tuple[Used, ...] = ()
    reported: frozenset[str] = frozenset()
    tickets: tuple[Asked, ...] = ()
    meetings: tuple[Met, ...] = ()
    people: tuple[Known, ...] = ()
    products: tuple[Has, ...] = ()
    news: tuple[Told, ...] = ()
    shipped: tuple[Told, ...] = ()
    reviewed_at: tuple[datetime, ...] = ()
    our_name: str = ""
    our_mail: str = ""
    escalated: bool = False
    opted_out: str = field(default="")


def known(facts: Facts, *, as_of: date, ends_at: datetime) -> Facts:
    """Return the facts that had happened and were known by the end of a day; what closed later is open.

    Args:
        facts: of one account.
        as_of: the day.
        ends_at: the instant at which it is over where the organization works.
    """
    last = last_full_week(as_of)
    return replace(
        facts,
        seats=tuple(each for each in facts.seats if each[1] < ends_at),
        used=tuple(each for each in facts.used if each.known_at < ends_at and each.week_on <= last),
        tickets=tuple(
            replace(each, solved_at=_before(each.solved_at, ends_at))
            for each in facts.tickets
            if each.opened_at < ends_at and each.known_at < ends_at
        ),
        meetings=tuple(each for each in facts.meetings if each.at < ends_at and each.known_at < ends_at),
        people=tuple(
            each
            for each in facts.people
            if each.known_at < ends_at and _before(each.left_at, ends_at) is None
        ),
        products=tuple(
            each
            for each in facts.products
            if each.known_at < ends_at and _before(each.lost_at, ends_at) is None
        ),
        news=tuple(each for each in facts.news if each.known_at < ends_at and each.on <= as_of),
        shipped=tuple(each for each in facts.shipped if each.known_at < ends_at and each.on <= as_of),
        reviewed_at=tuple(each for each in facts.reviewed_at if each < ends_at),
    )


def _before(at: datetime | None, ends_at: datetime) -> datetime | None:
    return at if at is not None and at < ends_at else None
