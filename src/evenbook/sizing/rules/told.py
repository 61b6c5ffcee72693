"""The answer of the sizing equation in words: the verdict, its reasons, what would change it.

Pure. Money is in major units.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from evenbook.sizing.numbers import SizingNumbers
from evenbook.sizing.rules.equation import Inputs, Outputs, outputs
from evenbook.sizing.rules.inputs import INPUTS
from evenbook.sizing.rules.verdict import (
    AS_FUNDED,
    DOES,
    NAMES,
    POOLED_LEVERAGE,
    SPLIT_MACHINE,
    UNDERSTAFFED,
    VERDICTS,
    WHITE_GLOVE,
    Boundary,
    Need,
    fundable,
    needs,
    staffing,
    verdict,
)

CROWD = 1e5


def amount(value: float) -> str:
    """Return a number as a sentence says it: 3,000, 12.5, 333."""
    if abs(value) >= 100 or abs(value - round(value)) < 0.05:
        return f"{value:,.0f}"
    return f"{value:,.1f}" if abs(value) >= 1 else f"{value:.2g}"


def percent(share: float) -> str:
    """Return a share as a sentence says it: 25%, 12.5%, 0.4%."""
    value = 100 * share
    said = f"{value:.1f}" if abs(value) < CROWD else f"{value:,.0f}"
    return f"{said.removesuffix('.0')}%"


def of_input(name: str, value: float) -> str:
    """Return an input's value as a sentence says it."""
    return percent(value) if INPUTS[name].unit == "share" else amount(value)


def reasons(given: Inputs, numbers: SizingNumbers, currency: str) -> list[dict[str, str]]:
    """Return why the verdict is what it is: of each of the three measured variables one sentence.

    ``points_to`` is the verdict that the variable alone would allow at best.
    """
    book, out = fundable(given, numbers), outputs(given, numbers)
    reach = given.completed_share
    return [
        {
            "of": "reachability",
            "text": _reach_said(reach, numbers),
            "points_to": _reach_points(reach, numbers),
        },
        {
            "of": "value",
            "text": f"An account pays {amount(given.acv)} {currency} a year and a CSM costs "
            f"{amount(given.csm_cost)}: at {percent(numbers.fund_share)} of ARR one is funded by "
            f"{amount(book)} accounts, {_book_said(book, numbers)}",
            "points_to": _book_points(book, numbers),
        },
        {
            "of": "base",
            "text": _base_said(given, out, numbers),
            "points_to": _book_points(book, numbers),
        },
    ]


def _reach_points(reach: float, numbers: SizingNumbers) -> str:
    if reach < numbers.pooled_reach_share:
        return POOLED_LEVERAGE
    return WHITE_GLOVE if reach >= numbers.named_reach_share else SPLIT_MACHINE


def _book_points(book: float, numbers: SizingNumbers) -> str:
    if book > numbers.split_book:
        return POOLED_LEVERAGE
    return WHITE_GLOVE if book <= numbers.named_book else SPLIT_MACHINE


def _reach_said(reach: float, numbers: SizingNumbers) -> str:
    said = f"{percent(reach)} of the base completes a meeting in a cycle"
    named, pooled = percent(numbers.named_reach_share), percent(numbers.pooled_reach_share)
    if reach < numbers.pooled_reach_share:
        return f"{said}: under {pooled} nobody can be owned by name."
    if reach >= numbers.named_reach_share:
        return f"{said}: from {named} on, live reviews can be a plan."
    return (
        f"{said}: live reviews need {named}, and at {pooled} or more people still reach enough to specialize."
    )


def _book_said(book: float, numbers: SizingNumbers) -> str:
    if book > numbers.split_book:
        return f"more than the {amount(numbers.split_book)} that one can hold."
    if book <= numbers.named_book:
        return f"few enough to know by name (up to {amount(numbers.named_book)})."
    return (
        f"too many to know by name (up to {amount(numbers.named_book)}) and no more than the "
        f"{amount(numbers.split_book)} that a specialist holds."
    )


def _base_said(given: Inputs, out: Outputs, numbers: SizingNumbers) -> str:
    funded = f"The base of {amount(given.accounts)} accounts funds {amount(out.csms_funded)} CSMs"
    if not given.csms:
        return f"{funded}."
    held = (
        f"{funded}, and there are {amount(given.csms)}: {amount(out.accounts_per_csm or 0)} accounts a head"
    )
    how = staffing(given, numbers)
    if how == AS_FUNDED:
        return f"{held}, as many as are funded."
    if how == UNDERSTAFFED:
        return f"{held}, more than the {amount(out.fundable_book)} that fund one: understaffed."
    return f"{held}, fewer than the {amount(out.fundable_book)} that fund one: overstaffed."


def meetings_said(given: Inputs, numbers: SizingNumbers) -> str:
    """Return what the plan asks for a day, whether anybody sustains it, and what is real."""
    out = outputs(given, numbers)
    if not given.csms:
        return needed_said(given, numbers)
    planned, real = out.meetings_per_day.planned or 0.0, out.meetings_per_day.reachable or 0.0
    month = out.meetings_a_month.reachable or 0.0
    plan = (
        f"The plan asks each person for {amount(planned * numbers.days_a_quarter)} live meetings a quarter, "
        f"{planned:,.1f} a working day"
    )
    comes = (
        f"customers come to {amount(month)} a month a head, {real:,.1f} a day "
        f"({percent(out.hours_share.reachable or 0)} of the customer-facing hours)"
    )
    most = amount(numbers.ceiling_a_day)
    if planned <= numbers.ceiling_a_day:
        return f"{plan}, within the {most} that people sustain; {comes}."
    verdict_of = f"{plan}: impossible at a volume that nobody sustains ({most} a day is the most). "
    if real > numbers.ceiling_a_day:
        return f"{verdict_of}Even what {comes} is more than that."
    return f"{verdict_of}In truth {comes}."


def needed(given: Inputs, numbers: SizingNumbers) -> int:
    """Return how many full people the reachable meetings take, at least one."""
    return max(1, ceil(outputs(given, numbers).csms_needed - 1e-9))


def needed_said(given: Inputs, numbers: SizingNumbers) -> str:
    """Return how many CSMs are needed, and how many are funded."""
    out, many = outputs(given, numbers), needed(given, numbers)
    hours = out.csms_needed
    verb = "is" if many == 1 else "are"
    return (
        f"{many} {'CSM' if many == 1 else 'CSMs'} {verb} needed: the meetings that customers come to take "
        f"{hours:,.2f} full-time people at {amount(numbers.ceiling_a_day)} a day and "
        f"{amount(numbers.hours_a_month / numbers.days_a_month)} customer-facing hours a day. "
        f"The base funds {amount(out.csms_funded)} at {percent(numbers.fund_share)} of ARR."
    )


def verdict_said(given: Inputs, numbers: SizingNumbers) -> str:
    """Return the verdict in one sentence."""
    found = verdict(given, numbers)
    if found == WHITE_GLOVE:
        return "White Glove: named books and live reviews, for customers who come and pay for it."
    if found == SPLIT_MACHINE:
        return "Split Machine: specialists and signals in the place of calendars, reviews without a meeting."
    return "Pooled Leverage: one operator with tooling, and a dedicated CSM only in the top plan."


def together_said(rows: tuple[Boundary, ...]) -> str:
    """Return what brings the next verdict where more than one input must change."""
    if len(rows) == 1:
        return boundary_said(rows[0])
    parts = [
        f"{INPUTS[each.input].title.lower()} of {of_input(each.input, each.bound)} "
        f"(now {of_input(each.input, each.value)})"
        for each in rows
    ]
    return (
        f"No input alone brings another verdict; {' and '.join(parts)} together: {NAMES[rows[0].verdict]}. "
        "Reachability belongs to the market: measure it again each cycle."
    )


def boundary_said(each: Boundary) -> str:
    """Return where one input brings another verdict, and whose it is to change that."""
    title = INPUTS[each.input].title
    falls, bound = each.falls, of_input(each.input, each.bound)
    where = f"{'at' if each.is_reached_at else 'under' if falls else 'over'} {bound}"
    where += (" or less" if falls else " or more") if each.is_reached_at else ""
    said = f"{title} {where} (now {of_input(each.input, each.value)}): {NAMES[each.verdict]}."
    if each.input == "completed_share":
        return f"{said} It belongs to the market: measure it again each cycle, and plan with what it is."
    if each.input == "acv":
        return f"{said} Prices and plans move it, and which accounts are in this base."
    return f"{said} Pay, seniority and tooling move it."


def verdicts(given: Inputs, numbers: SizingNumbers) -> list[dict[str, object]]:
    """Return each of the three verdicts with why it holds, or what would have to change for it."""
    now = verdict(given, numbers)
    return [
        {
            "verdict": each,
            "verdict_name": NAMES[each],
            "holds": each == now,
            "does": DOES[each],
            "text": _why(each, given, numbers, holds=each == now),
        }
        for each in VERDICTS
    ]


def _why(target: str, given: Inputs, numbers: SizingNumbers, *, holds: bool) -> str:
    every = needs(target, given, numbers)
    if target == POOLED_LEVERAGE:
        if holds:
            return "It holds, for " + " and ".join(_needs_said(each) for each in every if each.is_met) + "."
        return "It would take either " + " or ".join(_needs_said(each) for each in every) + "."
    if holds:
        return (
            "It holds, for "
            + " and ".join(_needs_said(each) for each in every)
            + _rest(target, given, numbers)
        )
    open_ = [each for each in every if not each.is_met]
    if not open_:
        return "The market is past it: " + " and ".join(_needs_said(each) for each in every) + "."
    return "It would take " + " and ".join(_needs_said(each) for each in open_) + "."


def _rest(target: str, given: Inputs, numbers: SizingNumbers) -> str:
    if target == WHITE_GLOVE:
        return "."
    lacks = [each for each in needs(WHITE_GLOVE, given, numbers) if not each.is_met]
    return "; for White Glove it lacks " + " and ".join(_needs_said(each) for each in lacks) + "."


def _needs_said(each: Need) -> str:
    side = "of at least" if each.at_least else "under"
    what = "an average contract" if each.input == "acv" else "a completed-meeting rate"
    return f"{what} {side} {of_input(each.input, each.bound)}"


def plans_said(given: Inputs, numbers: SizingNumbers, currency: str) -> list[dict[str, object]]:
    """Return what a plan must cost a year to buy each verdict, at this reachability and cost of a CSM."""
    named = needs(WHITE_GLOVE, given, numbers)[0].bound
    split = needs(SPLIT_MACHINE, given, numbers)[0].bound
    reach = given.completed_share
    rows: list[dict[str, object]] = []
    if reach >= numbers.named_reach_share:
        rows.append(_plan(WHITE_GLOVE, named, f"from {amount(named)} {currency} a year"))
    else:
        meet = percent(numbers.named_reach_share)
        said = f"from {amount(named)} {currency} a year, where at least {meet} meet"
        rows.append(_plan(WHITE_GLOVE, named, said))
    rows.append(_plan(SPLIT_MACHINE, split, f"from {amount(split)} {currency} a year"))
    rows.append(_plan(POOLED_LEVERAGE, 0.0, "whatever pays less, and whoever is not reached"))
    return rows


def _plan(name: str, bound: float, text: str) -> dict[str, object]:
    return {"verdict": name, "verdict_name": NAMES[name], "acv_from": round(bound, 2), "text": text}


def bought_said(parts: Sequence[tuple[str, str]]) -> str:
    """Return which parts of a base buy what; empty where there is only one.

    Args:
        parts: (title, verdict) of each.
    """
    if len(parts) < 2:
        return ""
    said = []
    for name in VERDICTS:
        mine = [title for title, verdict_of in parts if verdict_of == name]
        if mine:
            listed = mine[0] if len(mine) == 1 else f"{', '.join(mine[:-1])} and {mine[-1]}"
            said.append(f"{listed}: {NAMES[name]}")
    return "; ".join(said) + "."
