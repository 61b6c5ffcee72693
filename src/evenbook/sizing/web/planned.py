"""A kept headcount plan as the page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from evenbook.screens.places import address
from evenbook.screens.sentences import Figure
from evenbook.screens.shown import percent_text, plural
from evenbook.sizing.queries.scenarios import PlanRow


@dataclass(frozen=True)
class KindShown:
    """A kind of work: what it takes a month in the plan, on record with its rows, and of each tier."""

    said: Mapping[str, Any]
    recorded: Figure
    tiers: str


@dataclass(frozen=True)
class PlanShown:
    """A plan: its sentence, its months with the bands of the chart, hires, what-ifs, what it rests on.

    ``work`` are the kinds of work that a layer pushed down starts from; none in a plan kept before it was.
    """

    row: PlanRow
    said: Mapping[str, Any]
    bands: tuple[tuple[str, tuple[tuple[float, float, float], ...]], ...]
    months: tuple[Mapping[str, Any], ...]
    starts: tuple[Mapping[str, Any], ...]
    what_ifs: tuple[Mapping[str, Any], ...]
    work: tuple[KindShown, ...]
    rests_on: tuple[str, ...]


def plan_shown(row: PlanRow) -> PlanShown:
    """Return a plan as the page shows it."""
    said = row.contents
    months = [{**each, "first_on": _day(each["first_on"])} for each in said["months"]]
    return PlanShown(
        row,
        said,
        tuple(
            (title, tuple((each[key]["low"], each[key]["middle"], each[key]["high"]) for each in months))
            for title, key in (("Hours needed", "need"), ("Hours there", "capacity"))
        ),
        tuple({**each, "short": percent_text(100 * each["short_share"])} for each in months),
        tuple(
            {name: _day(value) if name != "is_late" else value for name, value in each.items()}
            for each in said["starts"]
        ),
        tuple(said["what_ifs"]),
        tuple(_kind(row, each) for each in said.get("work", {"kinds": ()})["kinds"]),
        tuple(_rests_on(said)),
    )


def _kind(row: PlanRow, said: Mapping[str, Any]) -> KindShown:
    opens = f"{address('sizing-rows', 'work')}?{urlencode({'as_of': row.as_of, 'kind': said['kind']})}"
    tiers = ", ".join(
        f"tier {each['tier']} {percent_text(100 * each['share'])}"
        for each in said["tiers"]
        if each["share"] is not None
    )
    return KindShown(said, Figure("sizing_work", said["recorded_hours"], "hours", opens), tiers)


def _rests_on(said: Mapping[str, Any]) -> list[str]:
    on, rests = said["measured_on"], said["rests_on"]
    found = [
        f"{on['accounts']:,} {plural(on['accounts'], 'account')}, "
        f"{on['people']:,} {plural(on['people'], 'person', 'people')}, "
        f"{on['expansions']:,} open {plural(on['expansions'], 'expansion')}."
    ]
    if rests["new_customers"] == "pipeline":
        many = on["sales_to_new_customers"]
        found.append(f"New customers: the {many:,} open {plural(many, 'sale')} to one.")
    else:
        rate = rests["new_customers_a_month"]
        found.append(
            f"No sale to a new customer is open: {rate:.1f} a month are taken, as many as began in the "
            "last year."
        )
    churn = ", ".join(
        f"tier {tier} {percent_text(100 * share)}" for tier, share in rests["churn_by_tier"].items()
    )
    found.append(f"Churn a year: {churn}.")
    if rests["win_share_assumed_of"]:
        found.append(f"{rests['win_share_assumed_of']:,} sales without a probability have policy's.")
    return found


def _day(text: str) -> date:
    return date.fromisoformat(text)
