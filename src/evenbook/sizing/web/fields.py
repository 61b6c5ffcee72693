"""The inputs as fields with sliders, each with where its value is from; the outputs with their factors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any
from urllib.parse import urlencode

from evenbook.book.access import may_see_people
from evenbook.people.viewer import Viewer
from evenbook.screens.places import address
from evenbook.screens.sentences import Figure
from evenbook.screens.shown import brief, difference, machine
from evenbook.sizing.numbers import SizingNumbers
from evenbook.sizing.queries.sized import Sized
from evenbook.sizing.rules.equation import MONTHS_A_QUARTER
from evenbook.sizing.rules.inputs import INPUTS
from evenbook.sizing.rules.told import of_input, percent
from evenbook.sizing.web.asked import Asking, scope_text

ROWS = {"accounts": "accounts", "csms": "csms", "completed_share": "accounts", "acv": "accounts"}
"""Which rows an input that was measured opens into."""

SPAN = 3.0
"""A slider goes to so many times what stands in its field."""


@dataclass(frozen=True)
class Box:
    """A field: what stands in it, how far its slider goes, where its value is from."""

    name: str
    title: str
    explained: str
    text: str
    placeholder: str
    slider: str
    least: str
    most: str
    step: str
    provenance: str
    provenance_name: str
    measured: Figure | None
    default: str
    refused: str


def boxes(viewer: Viewer, asking: Asking, answer: Sized) -> Iterator[Box]:
    """Yield the fields, each with what was typed, even where it can't be."""
    for row in answer.said["inputs"]:
        name, value = row["input"], row["value"]
        what = INPUTS[name]
        plain = machine(round(value, 4))
        top = 1.0 if what.unit == "share" else max(SPAN * value, 10 * what.step)
        yield Box(
            name=name,
            title=what.title,
            explained=what.explained,
            text=asking.texts.get(name, plain if row["provenance"] == "typed" else ""),
            placeholder=of_input(name, value),
            slider=plain,
            least=machine(0 if name == "csms" else what.step),
            most=machine(round(top, 2)),
            step=machine(what.step),
            provenance=row["provenance"],
            provenance_name=row["provenance_name"],
            measured=_measured(viewer, name, answer),
            default=of_input(name, row["default"]),
            refused=asking.refused.get(name, ""),
        )


def rows_address(answer: Sized, what: str) -> str:
    """Return where the rows of an answer open; they are of the cycle that the answer is of."""
    assert answer.week is not None
    asked = {"as_of": answer.week.run.as_of.isoformat(), "scope": scope_text(answer.scope)}
    if "meetings_per_quarter" in answer.typed:
        asked["meetings_per_quarter"] = machine(answer.typed["meetings_per_quarter"])
    return f"{address('sizing-rows', what)}?{urlencode({key: text for key, text in asked.items() if text})}"


def _measured(viewer: Viewer, name: str, answer: Sized) -> Figure | None:
    value = getattr(answer.found, name, None)
    if value is None or name not in ROWS:
        return None
    href = rows_address(answer, ROWS[name]) if name != "csms" or may_see_people(viewer) else ""
    if name == "acv":
        return Figure("sizing_acv", 100 * value, "money", href, currency=answer.said["currency"])
    return Figure(f"sizing_{name}", value, INPUTS[name].unit, href)


@dataclass(frozen=True)
class Sum:
    """An output with the factors that multiply to it, each named."""

    name: str
    value: float
    shown: str
    factors: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Line:
    """A line of outputs: planned and reachable, or one figure alone."""

    title: str
    explained: str
    planned: Sum
    reachable: Sum | None = None
    beside: str = ""


Factors = tuple[tuple[str, float], ...]


def lines(answer: Sized, numbers: SizingNumbers) -> tuple[Line, ...]:
    """Return the outputs as lines, each with the factors that make it."""
    given = {row["input"]: row["value"] for row in answer.said["inputs"]}
    a_head = _by_head(given, numbers) if given["csms"] else ()
    return (*a_head, *_by_money(answer, given, numbers))


def _by_head(given: Mapping[str, float], numbers: SizingNumbers) -> tuple[Line, ...]:
    accounts, a_head = ("accounts", given["accounts"]), ("÷ CSMs", 1 / given["csms"])
    planned: Factors = (accounts, ("meetings a quarter", given["meetings_per_quarter"]), a_head)
    day: Factors = (*planned, ("÷ days", 1 / numbers.days_a_quarter))
    hours = 1 / (MONTHS_A_QUARTER * numbers.hours_a_month)
    share: Factors = (*planned, ("hours a meeting", numbers.meeting_hours), ("÷ hours", hours))
    come = ("come", given["completed_share"])
    return (
        Line("Accounts a CSM", "accounts ÷ CSMs", _sum("accounts_per_csm", (accounts, a_head))),
        Line(
            "Live meetings a working day",
            "accounts × meetings ÷ CSMs ÷ working days",
            _sum("meetings_per_day_planned", day),
            _sum("meetings_per_day_reachable", (*day, come)),
            f"{numbers.ceiling_a_day:g} is the most that people sustain",
        ),
        Line(
            "Customer-facing hours used",
            "meetings × hours a meeting ÷ hours of a quarter",
            _sum("hours_share_planned", share, is_share=True),
            _sum("hours_share_reachable", (*share, come), is_share=True),
        ),
    )


def _by_money(answer: Sized, given: Mapping[str, float], numbers: SizingNumbers) -> tuple[Line, ...]:
    said = answer.said
    cost, acv = ("cost", given["csm_cost"]), ("÷ ACV", 1 / given["acv"])
    an_account: Factors = (("CSMs", given["csms"]), cost, ("÷ accounts", 1 / given["accounts"]))
    staffing: str = said["staffing"].replace("_", " ")
    at_split = percent(said["cost_share_at_split_book"])
    return (
        Line(
            "Cost of coverage, of ARR",
            "CSMs × cost ÷ (accounts × ACV)",
            _sum("cost_share_of_arr", (*an_account, acv), is_share=True),
            beside=f"{at_split} at {numbers.split_book:,.0f} accounts a head",
        ),
        Line(
            "Cost an account",
            "CSMs × cost ÷ accounts",
            _sum("cost_per_account", an_account),
            beside=f"of {given['acv']:,.0f} that it pays",
        ),
        Line(
            "Fundable book",
            "cost ÷ (share of ARR × ACV)",
            _sum("fundable_book", (cost, ("÷ share", 1 / numbers.fund_share), acv)),
            beside=staffing,
        ),
    )


def _sum(name: str, factors: Factors, *, is_share: bool = False) -> Sum:
    value = prod(each for _, each in factors)
    shown = percent(value) if is_share else brief(value)
    return Sum(name, value, shown, factors)


NUDGED = (("cost_share", "cost", "share", "of ARR"), ("hours_share", "hours used", "share", ""))


def nudges(answer: Sized) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Yield each input with what a nudge up changes, in words; empty where it changes nothing."""
    for row in answer.said["sensitivity"]:
        moved = row["up"]
        said = [
            f"{title} {difference(moved[name], unit)} {after}".strip()
            for name, title, unit, after in NUDGED
            if moved.get(name)
        ]
        if moved["fundable_book"]:
            said.append(f"fundable book {difference(moved['fundable_book'])} accounts")
        yield row, "; ".join(said)
