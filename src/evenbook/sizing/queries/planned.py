"""A headcount plan for a viewer: gather what is known of the months ahead, simulate, say where it is from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Self

from evenbook.book.access import people_ids_seen_by
from evenbook.book.known import Teammate, in_role_of, teammates
from evenbook.book.numbers import BookNumbers
from evenbook.book.profiles import leave_rows
from evenbook.book.queries import how_many_accounts
from evenbook.capacity.books import Served, served
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.capacity.queries.sustained import team_of
from evenbook.measures.values import measured
from evenbook.people.viewer import Viewer
from evenbook.records.sales import EXPANSION, NEW, UnderWay, sales_under_way
from evenbook.records.worked import KIND_TITLES
from evenbook.runs.queries import Week
from evenbook.sizing.numbers import SizingNumbers, StaffingNumbers
from evenbook.sizing.queries.measured import require
from evenbook.sizing.queries.scenarios import SOMEBODY
from evenbook.sizing.queries.worked import work_on_record
from evenbook.sizing.rules.hiring import horizon
from evenbook.sizing.rules.known import Client, Known, Sale, WhatIf, Worker
from evenbook.sizing.rules.months import STAGES, StageDays, last_day_of
from evenbook.sizing.rules.plan_told import Told, plan_document
from evenbook.sizing.rules.pushed import PlanRefused, Push, looked_at
from evenbook.sizing.rules.work_told import work_document
from evenbook.tiers.numbers import TiersNumbers
from evenbook.tiers.queries import tier_titles

WON_DAYS = 90
"""A sale won so long ago whose customer has not begun is still to come."""

AT_HAND = 2_000
"""Accounts whose plan, with four what-ifs, takes a processor a second; of more it is work of its own."""

YEAR_DAYS = 365
RETENTION = "logo"


@dataclass(frozen=True)
class Asked:
    """What somebody asks of a plan beside the standing what-ifs.

    Attributes:
        seed: the same seed gives the same answer.
        hires: full people who start in the month ``hired_in``, 0 the first.
        leaver: the key of somebody who leaves at once; empty for a person of middling hours.
        from_tier: the tier that is moved to digital; None for the last one served by people.
        layer_share: what one layer down takes off people of all their work; None for policy's.
        pushes: kinds of work of which a layer takes a share; each is looked at, and all of them together.
    """

    seed: int = 1
    hires: int = 1
    hired_in: int = 0
    leaver: str = ""
    from_tier: int | None = None
    layer_share: float | None = None
    pushes: tuple[Push, ...] = ()

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """Return what is asked, as programs and work that waits hold it."""
        pushes = tuple(Push(**each) for each in given.get("pushes") or ())
        return cls(**{**given, "pushes": pushes})


AS_USUAL = Asked()


def is_large(viewer: Viewer) -> bool:
    """Return whether a plan is too much for somebody to wait for at a page."""
    return how_many_accounts(viewer) > AT_HAND


def planned(
    viewer: Viewer, week: Week, asked: Asked = AS_USUAL, *, told: Told = lambda done, total: None
) -> dict[str, Any]:
    """Return the headcount plan of a week with its what-ifs, as a document; ``told`` how far it has come.

    Raises:
        SizingNotYours: the viewer may not see it.
        PlanRefused: a what-if can't be.
    """
    require(viewer)
    numbers = week.policy.of(StaffingNumbers)
    rows = served(viewer, week.run.id)
    team = _team(viewer, week, rows)
    known, rests_on = _gathered(viewer, week, rows, team)
    work = work_on_record(viewer, week, rows)
    what_ifs = [
        *_what_ifs(viewer, week, asked, known=known, team=team),
        *looked_at(asked.pushes, work, KIND_TITLES),
    ]
    found = plan_document(
        known, numbers, what_ifs, as_of=week.run.as_of, seed=asked.seed, rests_on=rests_on, told=told
    )
    return {
        **found,
        "work": work_document(work, KIND_TITLES),
        "policy_version": week.run.policy_version,
    }


def _gathered(
    viewer: Viewer, week: Week, rows: Sequence[Served], team: Sequence[Teammate]
) -> tuple[Known, dict[str, Any]]:
    """Return what is known of the months ahead of a week, and where that is from."""
    numbers, capacity = week.policy.of(StaffingNumbers), week.policy.of(CapacityNumbers)
    months, stages = horizon(week.run.as_of, numbers), _stages(week)
    effort, counted = _effort(rows, week, numbers)
    under_way = sales_under_way(
        viewer, before=week.ends_at, won_since=week.ends_at - timedelta(days=WON_DAYS)
    )
    sales = _sales(rows, under_way, week)
    is_listed = any(each.grows is None for each in sales)
    churn, measured_of = _churn(viewer, week, numbers)
    newcomers = {} if is_listed else _newcomers(rows, week.ends_at)
    known = Known(
        months=months,
        clients=[_client(row) for row in rows],
        sales=sales,
        workers=_workers(viewer, week, team, months),
        stages=stages,
        effort=effort,
        churn=churn,
        newcomers=newcomers,
        ramp=[(step.from_day, step.share) for step in capacity.ramp],
        full_hours=capacity.monthly_hours,
    )
    return known, {
        "new_customers": "pipeline" if is_listed else "last year",
        "new_customers_a_month": round(sum(newcomers.values()), 4),
        "churn_by_tier": {str(tier): round(share, 4) for tier, share in sorted(churn.items())},
        "churn_measured_of_tiers": sorted(measured_of),
        "effort_measured_of": counted,
        "win_share_assumed_of": sum(each.probability is None for each in sales),
    }


def _team(viewer: Viewer, week: Week, served_by: Sequence[Served]) -> tuple[Teammate, ...]:
    """Return the people whose hours count: CSMs and whoever owns accounts, of those whom the viewer leads."""
    months = horizon(week.run.as_of, week.policy.of(StaffingNumbers))
    roles = set(week.policy.of(SizingNumbers).roles)
    owners = {row.person_id for row in served_by}
    seen = None if viewer.sees_all else people_ids_seen_by(viewer)
    day = week.run.as_of
    there = teammates(viewer, here_from=day, here_until=last_day_of(months[-1]))
    here = in_role_of(viewer, there, day, before=week.ends_at)
    return tuple(
        each
        for each in here
        if (each.role in roles or each.id in owners) and (seen is None or each.id in seen)
    )


def _workers(viewer: Viewer, week: Week, team: Sequence[Teammate], months: Sequence[date]) -> list[Worker]:
    last = last_day_of(months[-1])
    away = leave_rows(viewer, None, before=week.ends_at, since=months[0], until=last)
    there = team_of(viewer, week, team, away, years=range(months[0].year, last.year + 1))
    found = []
    for each in team:
        rows = [there.sustained(each.id, last_day_of(first), weeks=4) for first in months]
        found.append(
            Worker(
                each.id,
                tuple(row.hours or 0.0 for row in rows),
                tuple(1.0 - row.availability if row.hours is not None else 0.0 for row in rows),
            )
        )
    return found


def _client(row: Served) -> Client:
    return Client(
        row.tier,
        row.stage,
        row.effort_hours,
        row.renews_on,
        None if row.started_at is None else row.started_at.date(),
    )


def _stages(week: Week) -> StageDays:
    capacity, book = week.policy.of(CapacityNumbers), week.policy.of(BookNumbers)
    return StageDays(
        book.onboarding_days,
        book.adoption_days,
        capacity.renewal_window_days,
        {each.level: each.multiplier for each in capacity.multipliers if each.factor == "stage"},
    )


def _effort(
    rows: Sequence[Served], week: Week, numbers: StaffingNumbers
) -> tuple[dict[tuple[int, str], float], int]:
    """Return the hours of an average account by tier and stage, and how many of these pairs were measured.

    Where too few accounts are of a pair, the tier's mean of the others is taken to the stage by policy's
    weights; where the tier has too few altogether, policy's base hours are.
    """
    capacity, times = week.policy.of(CapacityNumbers), _stages(week).multipliers
    sums: dict[tuple[int, str], list[float]] = defaultdict(list)
    plain: dict[int, list[float]] = defaultdict(list)
    for row in rows:
        sums[row.tier, row.stage].append(row.effort_hours)
        plain[row.tier].append(row.effort_hours / times.get(row.stage, 1.0))
    found: dict[tuple[int, str], float] = {}
    measured_of = 0
    for base in capacity.base_hours:
        held = plain[base.tier]
        usual = sum(held) / len(held) if len(held) >= numbers.least_accounts else base.hours
        for stage in STAGES:
            mine = sums[base.tier, stage]
            is_measured = len(mine) >= numbers.least_accounts
            measured_of += is_measured
            found[base.tier, stage] = sum(mine) / len(mine) if is_measured else usual * times.get(stage, 1.0)
    return found, measured_of


def _sales(rows: Sequence[Served], under_way: Sequence[UnderWay], week: Week) -> list[Sale]:
    held = {row.account_id: row for row in rows}
    revenues = sorted(row.arr_cents for row in rows if row.arr_cents)
    found = []
    for each in under_way:
        own = held.get(each.account_id)
        chance = 1.0 if each.won_at is not None else each.probability
        if each.kind == NEW and own is None:
            found.append(Sale(_tier_of(each.amount_cents, revenues, week), chance, each.expected_on))
        elif each.kind == EXPANSION and own is not None and each.won_at is None:
            found.append(Sale(own.tier, chance, each.expected_on, grows=own.effort_hours))
    return found


def _tier_of(amount: int | None, revenues: Sequence[int], week: Week) -> int:
    """Return the tier that a sale's revenue would put it in, among the accounts there are."""
    numbers = week.policy.of(TiersNumbers)
    if not amount or not revenues:
        return numbers.unknown_arr_tier
    above = sum(each > amount for each in revenues) / len(revenues)
    tiers = sorted(numbers.tiers, key=lambda row: row.top_share)
    return next((row.tier for row in tiers if above < row.top_share), tiers[-1].tier)


def _churn(viewer: Viewer, week: Week, numbers: StaffingNumbers) -> tuple[dict[int, float], set[int]]:
    """Return the chance to lose an account in a year by tier, and of which tiers it was measured."""
    found = measured(viewer, week.run.id, week.run.as_of, measures=(RETENTION,), kinds=("tier", "all"))
    every = found.get((RETENTION, "all", "all"))
    usual = numbers.churn_share if every is None or every.value is None else 1.0 - every.value
    churn, of = {}, set()
    for tier in tier_titles(viewer, week):
        mine = found.get((RETENTION, "tier", str(tier)))
        enough = mine is not None and mine.value is not None and mine.count >= numbers.least_accounts
        share = 1.0 - mine.value if enough and mine is not None and mine.value is not None else usual
        churn[tier] = min(max(share, 0.0), 1.0)
        of |= {tier} if enough else set()
    return churn, of


def _newcomers(rows: Sequence[Served], ends_at: datetime) -> dict[int, float]:
    """Return by tier how many customers a month began in the last year and are still there."""
    since = ends_at - timedelta(days=YEAR_DAYS)
    found: dict[int, float] = defaultdict(float)
    for row in rows:
        if row.started_at is not None and since <= row.started_at < ends_at:
            found[row.tier] += 1 / 12
    return dict(found)


def _what_ifs(
    viewer: Viewer, week: Week, asked: Asked, *, known: Known, team: Sequence[Teammate]
) -> list[WhatIf]:
    numbers, titles = week.policy.of(StaffingNumbers), tier_titles(viewer, week)
    tier = asked.from_tier or _last_named(known, numbers)
    layer = numbers.layer_share if asked.layer_share is None else asked.layer_share
    refuse(viewer, week, replace(asked, from_tier=tier, layer_share=layer, pushes=()))
    month = f"{known.months[asked.hired_in]:%B %Y}"
    who, leaver = _leaver(asked, known, team)
    return [
        WhatIf(f"{asked.hires} more from {month}", hires=asked.hires, hired_in=asked.hired_in),
        WhatIf(f"{who} leaves", leavers=leaver, named=asked.leaver),
        WhatIf(f"{titles[tier]} (tier {tier}) moved to digital", from_tier=tier),
        WhatIf(f"One layer down takes {100 * layer:.0f}% of the hours", layer_share=layer),
    ]


def refuse(viewer: Viewer, week: Week, asked: Asked) -> None:
    """Let what-ifs through that can be looked at.

    Raises:
        PlanRefused: there is no such tier, so many hires or such a layer.
    """
    titles, months = tier_titles(viewer, week), week.policy.of(StaffingNumbers).months
    if asked.from_tier is not None and asked.from_tier not in titles:
        named = ", ".join(map(str, titles))
        raise PlanRefused(f"There is no tier {asked.from_tier}.", fix=f"Name one of {named}.")
    if not 0 <= asked.hired_in < months or not 0 <= asked.hires <= 1000:
        raise PlanRefused(
            "So many hires, or so late, can't be looked at.",
            fix=f"Up to 1,000 hires, in one of the {months} months ahead.",
        )
    if asked.layer_share is not None and not 0 <= asked.layer_share < 1:
        raise PlanRefused("A layer takes a share of the hours, 0 to 1.", fix="Type a share, such as 0.2.")
    if asked.pushes:
        looked_at(asked.pushes, work_on_record(viewer, week, served(viewer, week.run.id)), KIND_TITLES)


def _leaver(asked: Asked, known: Known, team: Sequence[Teammate]) -> tuple[str, tuple[int, ...]]:
    if asked.leaver:
        mine = [each for each in team if each.key == asked.leaver]
        if not mine:
            raise PlanRefused(f"There is nobody '{asked.leaver[:40]}' in this team.", fix="Name one by key.")
        return mine[0].name, (mine[0].id,)
    ranked = sorted(known.workers, key=lambda each: (sum(each.hours), each.id))
    return SOMEBODY, (ranked[len(ranked) // 2].id,) if ranked else ()


def _last_named(known: Known, numbers: StaffingNumbers) -> int:
    tiers = sorted({each.tier for each in known.clients} - {numbers.digital_tier})
    return tiers[-1] if tiers else numbers.digital_tier
