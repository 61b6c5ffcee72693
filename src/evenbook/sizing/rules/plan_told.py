"""A headcount plan as one document, and the sentences in it.

Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from evenbook.engine.event_sums import Moments
from evenbook.kit.findings import counted
from evenbook.sizing.numbers import StaffingNumbers
from evenbook.sizing.rules.hiring import Hiring, Month, Range, Start, change, hiring
from evenbook.sizing.rules.known import Known, WhatIf
from evenbook.sizing.rules.plan import Simulated, simulated
from evenbook.sizing.rules.told import percent

DIGITS = 4
Told = Callable[[int, int], None]


def plan_document(
    known: Known,
    numbers: StaffingNumbers,
    what_ifs: Sequence[WhatIf],
    *,
    as_of: date,
    seed: int,
    rests_on: Mapping[str, Any],
    told: Told = lambda done, total: None,
) -> dict[str, Any]:
    """Return a plan as things are with each what-if beside it, each from the same seed.

    Args:
        known, numbers, seed: see ``plan.simulated``.
        what_ifs: changes to look at beside, as of the day ``as_of``.
        rests_on: where the plan's own inputs are from, as ``queries.planned`` found them.
        told: called with how many plans are simulated, and of how many; it may raise.
    """
    told(0, 1 + len(what_ifs))
    now = simulated(known, numbers, WhatIf(), seed=seed)
    beside: list[dict[str, Any]] = []
    found = hiring(now, known, numbers, as_of=as_of)
    for number, each in enumerate(what_ifs, start=1):
        told(number, 1 + len(what_ifs))
        years = simulated(known, numbers, each, seed=seed, now=now)
        then = hiring(years, known, numbers, as_of=as_of)
        beside.append(_beside(each, found, then, change(now, years, numbers)))
    return {
        "as_of": as_of.isoformat(),
        "seed": seed,
        **_of_numbers(numbers),
        "full_person_hours": round(known.full_hours * (1 - numbers.leave_share), DIGITS),
        **_answer(found),
        "months": [_month(each) for each in found.months],
        "exact": _exact(now),
        "text": said(found, numbers),
        "what_ifs": beside,
        "rests_on": dict(rests_on),
        "measured_on": _counts(known, now),
    }


def _of_numbers(numbers: StaffingNumbers) -> dict[str, Any]:
    return {"runs": numbers.runs, "interval_share": numbers.interval_share}


def _beside(each: WhatIf, found: Hiring, other: Hiring, more: Range) -> dict[str, Any]:
    words = {"what": each.title, "person": each.named or None, "text": what_if_said(found, other, more)}
    return {**words, "change_at_the_end": _range(more), **_answer(other)}


def said(found: Hiring, numbers: StaffingNumbers) -> str:
    """Return a plan in a sentence or two: what is needed at the end, and what must begin when."""
    last = found.months[-1]
    many = percent(numbers.interval_share)
    first = (
        f"In {_month_name(last.first_on)} the accounts need {last.need.middle:,.0f} hours "
        f"({last.need.low:,.0f} to {last.need.high:,.0f} in {many} of the simulated years) and there are "
        f"{last.capacity.middle:,.0f} ({last.capacity.low:,.0f} to {last.capacity.high:,.0f})."
    )
    return f"{first} {hires_said(found)}"


def hires_said(found: Hiring) -> str:
    """Return how many hires it takes, and by when they must start."""
    many, ends = round(found.hires.middle), (round(found.hires.low), round(found.hires.high))
    short = ""
    if found.short_until is not None:
        short = f" Up to {_month_name(found.short_until)} hours are short whoever is hired now."
    span = f" ({ends[0]} to {ends[1]})" if ends != (many, many) else ""
    if not many:
        more = f"; at the upper end it takes {ends[1]}" if ends[1] else ""
        return f"Nobody needs to be hired{more}.{short}"
    first = found.starts[0]
    when = "should have been decided by" if first.is_late else "is decided by"
    return (
        f"It takes {counted(many, 'hire', 'hires')}{span}. The first must start by {_day(first.start_by)} to "
        f"carry a full book in {_month_name(first.needed_from)}, so it {when} {_day(first.decide_by)}.{short}"
    )


def what_if_said(before: Hiring, after: Hiring, more: Range) -> str:
    """Return what a what-if changes, in one sentence: hours with their interval, and hires."""
    people = round(after.hires.middle - before.hires.middle)
    hours = f"{_more(more.middle)}{_ends_said(more)} to spare at the end"
    if not people:
        return f"{hours}; as many hires."
    return f"{hours}; {counted(abs(people), 'hire', 'hires')} {'more' if people > 0 else 'fewer'}."


def _more(hours: float) -> str:
    return f"{abs(hours):,.0f} hours a month {'more' if hours >= 0 else 'fewer'}"


def _ends_said(more: Range) -> str:
    """Return the ends of a change; nothing where it is certain."""
    ends = sorted((more.low, more.high), key=abs)
    low, high = (f"{abs(each):,.0f}" for each in ends)
    if low == high:
        return ""
    if more.low < 0 < more.high:
        return f" ({abs(more.low):,.0f} fewer to {more.high:,.0f} more)"
    return f" ({low} to {high})"


def _answer(found: Hiring) -> dict[str, Any]:
    last = found.months[-1]
    return {
        "hires": {name: round(value) for name, value in vars(found.hires).items()},
        "need_at_the_end": _range(last.need),
        "capacity_at_the_end": _range(last.capacity),
        "balance_at_the_end": _range(found.balance),
        "starts": [_start(each) for each in found.starts],
        "short_until": None if found.short_until is None else found.short_until.isoformat(),
        "hires_text": hires_said(found),
    }


def _month(each: Month) -> dict[str, Any]:
    return {
        "first_on": each.first_on.isoformat(),
        "need": _range(each.need),
        "capacity": _range(each.capacity),
        "short_share": round(each.short_share, DIGITS),
    }


def _start(each: Start) -> dict[str, Any]:
    return {
        "needed_from": each.needed_from.isoformat(),
        "start_by": each.start_by.isoformat(),
        "decide_by": each.decide_by.isoformat(),
        "is_late": each.is_late,
    }


def _exact(found: Simulated) -> dict[str, Any]:
    return {"need": _moments(found.exact_need), "capacity": _moments(found.exact_capacity)}


def _moments(found: Moments) -> dict[str, list[float]]:
    return {
        "mean": [round(float(each), DIGITS) for each in found.mean],
        "variance": [round(float(each), DIGITS) for each in found.variance],
    }


def _counts(known: Known, now: Simulated) -> dict[str, int]:
    return {
        "accounts": len(known.clients),
        "sales_to_new_customers": sum(each.grows is None for each in known.sales),
        "expansions": sum(each.grows is not None for each in known.sales),
        "people": len(known.workers),
        "simulated_years": len(now.need),
    }


def _range(found: Range) -> dict[str, float]:
    return {name: round(value, DIGITS) for name, value in vars(found).items()}


def _month_name(day: date) -> str:
    return f"{day:%B %Y}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
