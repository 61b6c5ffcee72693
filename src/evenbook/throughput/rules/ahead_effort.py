"""What each account will take in the weeks ahead, from what is known of it today.

The effort of an account stays what it is but for its stage: it goes into its renewal window and out of it,
and its onboarding and its adoption end after as many days from its start as policy says. Who works it
follows the stage, as it does today, and so does the part of it that other roles take. A renewal that passes
without being booked is worked on for 30 days more, as `renewal_as_of` has it; the renewal after the next is
not looked at.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

STAGES = ("onboarding", "adoption", "value", "renewal")
LATE_DAYS = 30
"""For how long a renewal that is neither booked nor lost is still the next one."""

PERSON, POOL, NOBODY = "person", "pool", ""
Worker = tuple[str, int]
"""Who works an account: a person or a pool, and its id; or nobody."""


@dataclass(frozen=True)
class Book:
    """An account as the last run found it.

    Args:
        account: its id.
        worker: who owns it.
        tier: how it is served.
        stage: in which stage the run found it.
        hours: its effort, a month.
        renews_on: its next renewal.
        started_at: when it began, without a zone, in UTC.
        told: the stage that a source gave it, if one did.
        roles: who has which other role on it.
        product: the product of its factors, where the cap hides it.
    """

    account: int
    worker: Worker
    tier: int
    stage: str
    hours: float
    renews_on: date | None = None
    started_at: datetime | None = None
    told: str = ""
    roles: Mapping[str, Worker] = field(default_factory=dict)
    product: float | None = None


@dataclass(frozen=True)
class Stages:
    """What policy says of stages: how long they last, what they multiply, who works in them.

    Args:
        window_days: how long before a renewal, and after it, an account is worked on for it.
        onboarding_days: from the start of an account.
        adoption_days: from the start of an account.
        multipliers: by stage.
        roles: by stage the role that works it.
        shares: by stage and role what of an account's hours the role takes beside whoever works it.
        base_hours: by tier.
        most: the highest product of factors that counts.
    """

    window_days: int
    onboarding_days: int
    adoption_days: int
    multipliers: Mapping[str, float]
    roles: Mapping[str, str]
    base_hours: Mapping[int, float]
    most: float
    shares: Mapping[tuple[str, str], float] = field(default_factory=dict)


@dataclass(frozen=True)
class Ahead:
    """An account in the weeks ahead: its stage, its hours a month and who works it, a week each.

    ``before`` is the stage that it is in now. ``is_part`` says that the hours are what a role takes of it
    beside whoever works it.
    """

    account: int
    stages: tuple[str, ...]
    hours: tuple[float, ...]
    workers: tuple[Worker, ...]
    before: str = ""
    is_part: bool = False


@dataclass(frozen=True)
class Horizon:
    """The weeks ahead: the last day of each and when it is over, and when the day of the run was over.

    Instants are in UTC, without a zone.
    """

    now: datetime
    days: tuple[date, ...]
    ends: tuple[datetime, ...]


def ahead(book: Book, weeks: Horizon, stages: Stages) -> Ahead:
    """Return an account in the weeks ahead, by what policy says of stages."""
    if not _changes(book, weeks, stages):
        worker, count = _worker(book, book.stage, stages), len(weeks.days)
        return Ahead(
            book.account, (book.stage,) * count, (book.hours,) * count, (worker,) * count, book.stage
        )
    first, found = _stages(book, weeks, stages)
    known = tuple(book.stage if each == first else each for each in found)
    by_stage = {stage: _hours(book, stage, stages) for stage in set(known)}
    workers = {stage: _worker(book, stage, stages) for stage in by_stage}
    return Ahead(
        book.account,
        known,
        tuple(by_stage[stage] for stage in known),
        tuple(workers[stage] for stage in known),
        book.stage,
    )


def parted(book: Book, weeks: Horizon, stages: Stages) -> tuple[Ahead, tuple[Ahead, ...]]:
    """Return an account with the hours of whoever works it, and the parts that other roles take of it."""
    whole = ahead(book, weeks, stages)
    parts, left = [], list(whole.hours)
    for role, holder in book.roles.items():
        shares = [stages.shares.get((stage, role), 0.0) for stage in whole.stages]
        if any(shares):
            taken = tuple(hours * share for hours, share in zip(whole.hours, shares, strict=True))
            left = [hours - part for hours, part in zip(left, taken, strict=True)]
            parts.append(replace(whole, hours=taken, workers=(holder,) * len(taken), is_part=True))
    return (replace(whole, hours=tuple(left)), tuple(parts)) if parts else (whole, ())


def _changes(book: Book, weeks: Horizon, stages: Stages) -> bool:
    """Return whether an account can come into another stage in the weeks: a boundary lies in them."""
    end = weeks.ends[-1]
    if book.started_at is not None:
        for days in (stages.onboarding_days, stages.adoption_days):
            if weeks.now <= book.started_at + timedelta(days=days) < end:
                return True
    if book.renews_on is None:
        return False
    begins = book.renews_on - timedelta(days=stages.window_days)
    over = book.renews_on + timedelta(days=min(LATE_DAYS, stages.window_days))
    if book.stage == "renewal":
        return over < weeks.days[-1]
    return begins <= weeks.days[-1] and over >= weeks.days[0]


def _stages(book: Book, weeks: Horizon, stages: Stages) -> tuple[str, list[str]]:
    """Return the stage at the end of the run's day, and at the end of each week."""
    now, last = (_usual(book, weeks.now, end, stages) for end in (weeks.now, weeks.ends[-1]))
    usual = [now] * len(weeks.days)
    if now != last or now == "onboarding":
        usual = [_usual(book, weeks.now, end, stages) for end in weeks.ends]
    # the run itself found whether it was in the window
    first = "renewal" if book.stage == "renewal" and now != "onboarding" and book.renews_on else now
    if book.renews_on is None:
        return first, usual
    begins = book.renews_on - timedelta(days=stages.window_days)
    ends = book.renews_on + timedelta(days=min(LATE_DAYS, stages.window_days))
    near = [begins <= day <= ends for day in weeks.days]
    return first, [
        "renewal" if is_near and each != "onboarding" else each
        for is_near, each in zip(near, usual, strict=True)
    ]


def _usual(book: Book, now: datetime, end: datetime, stages: Stages) -> str:
    """Return the stage apart from renewals: what a source gave, an onboarding until it should be over."""
    if book.told in STAGES and not (book.told == "onboarding" and _is_over(book, now, end, stages)):
        return book.told
    if book.started_at is None or book.started_at + timedelta(days=stages.adoption_days) < end:
        return "value"
    return "adoption" if book.started_at + timedelta(days=stages.onboarding_days) < end else "onboarding"


def _is_over(book: Book, now: datetime, end: datetime, stages: Stages) -> bool:
    """Return whether an onboarding ends meanwhile; one that is late already goes on."""
    if book.started_at is None:
        return False
    return now <= book.started_at + timedelta(days=stages.onboarding_days) < end


def _hours(book: Book, stage: str, stages: Stages) -> float:
    """Return the hours a month in another stage: the other factors stay."""
    base = stages.base_hours.get(book.tier, 0.0)
    if stage == book.stage or base <= 0:
        return book.hours
    product = book.product if book.product is not None else book.hours / base
    times = stages.multipliers.get(stage, 1.0) / stages.multipliers.get(book.stage, 1.0)
    return round(base * min(product * times, stages.most), 6)


def _worker(book: Book, stage: str, stages: Stages) -> Worker:
    return book.roles.get(stages.roles.get(stage, ""), book.worker)
