"""The weeks ahead with the owners that a proposal gives, beside those with the present ones.

Worked out as the calendar of the weeks ahead is, as of the week that the proposal was made of: effort moves
with stages, renewals switch on and off, leave and ramp count. Where a viewer sees no single person's load, or
policy keeps it to teams, a row is a team.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evenbook.balance.queries.proposals import ProposalRow, moves, proposal
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.desk.queries.ahead import Held, Known, known, whose
from evenbook.people.viewer import Viewer
from evenbook.runs.asked import week_asked
from evenbook.runs.queries import Week
from evenbook.throughput.rules.ahead_beside import BesideWeek, CoveredWeek, beside, covered, weeks_over
from evenbook.throughput.rules.ahead_effort import PERSON, POOL, Ahead

WEEKS = 12
"""How many of the weeks ahead a proposal is looked at over: as many as fit a page side by side."""


@dataclass(frozen=True)
class ProposedRow:
    """A person or a team: weeks under the present owners and under the proposal.

    ``over_before`` and ``over_after`` are weeks past the limit.
    """

    key: str
    name: str
    weeks: tuple[BesideWeek, ...]
    over_before: int
    over_after: int

    @property
    def differs(self) -> bool:
        """Whether the proposal changes any of the weeks."""
        return any(each.differs for each in self.weeks)

    @property
    def peak_before(self) -> float | None:
        """The highest load under the present owners."""
        return max((each.load_before for each in self.weeks if each.load_before is not None), default=None)

    @property
    def peak_after(self) -> float | None:
        """The highest load under the proposal."""
        return max((each.load_after for each in self.weeks if each.load_after is not None), default=None)


@dataclass(frozen=True)
class ProposedWeeks:
    """The weeks ahead before and after: rows with the fullest first, and what share of the book is covered.

    ``by`` is csm or team; ``limit`` is the load above which somebody is over, 1 is full.
    """

    proposal: ProposalRow
    week: Week
    by: str
    rows: tuple[ProposedRow, ...]
    covered: tuple[CoveredWeek, ...]
    limit: float
    moved: int

    def document(self) -> dict[str, Any]:
        """Return the weeks as one JSON document."""
        return {
            "proposal": self.proposal.id,
            "as_of": self.proposal.as_of.isoformat(),
            "policy_version": self.week.run.policy_version,
            "moves": self.moved,
            "over_above": self.limit,
            "items": [
                {
                    "subject_kind": self.by,
                    "subject": row.key,
                    "subject_name": row.name,
                    "weeks_over_before": row.over_before,
                    "weeks_over_after": row.over_after,
                    "weeks": [_week_document(each) for each in row.weeks],
                }
                for row in self.rows
            ],
            "covered": [
                {"week_up_to": each.last_on.isoformat(), "before": each.before, "after": each.after}
                for each in self.covered
            ],
        }


def proposed_weeks(viewer: Viewer, number: int) -> ProposedWeeks | None:
    """Return the weeks ahead with the owners of a proposal; None where there is none to be seen."""
    found = proposal(viewer, number)
    if found is None:
        return None
    week = week_asked(viewer, found.as_of)
    before = known(viewer, week)
    owners = {each.account_id: each.receiver for each in moves(viewer, number)}
    after = known(viewer, week, owners=owners) if owners else before
    people = [each for each in found.asked["people"] if each in before.people]
    by = whose(viewer, week)[0]
    limit = week.policy.of(CapacityNumbers).load_red_above / 100
    names = _names(before, by)
    first, second = before.weeks(people), after.weeks(people)
    rows = [
        _row(key, names.get(key, key), weeks[:WEEKS], limit)
        for key, weeks in beside(first, second, _groups(before, people, by)).items()
    ]
    mine = _theirs(before, set(people), (owners, found.asked.get("pools", ())))
    return ProposedWeeks(
        proposal=found,
        week=week,
        by=by,
        rows=tuple(sorted(rows, key=lambda row: (-(row.peak_before or 0.0), row.name, row.key))),
        covered=covered(
            [each for each in before.carried if each.account in mine],
            [each for each in after.carried if each.account in mine],
            before.carrying,
        )[:WEEKS],
        limit=limit,
        moved=len(owners),
    )


def _week_document(each: BesideWeek) -> dict[str, Any]:
    return {
        "week_up_to": each.last_on.isoformat(),
        "load_before": each.load_before,
        "load_after": each.load_after,
        "effort_hours_before": each.before,
        "effort_hours_after": each.after,
        "capacity_hours": each.can,
    }


def _groups(found: Known, people: list[int], by: str) -> dict[str, list[int]]:
    groups: dict[str, list[int]] = {}
    for each in people:
        who = found.people[each]
        groups.setdefault(who.key if by == "csm" else who.team, []).append(each)
    return groups


def _names(found: Known, by: str) -> dict[str, str]:
    return {each.key: each.name for each in found.people.values()} if by == "csm" else {"": "no team"}


def _row(key: str, name: str, weeks: tuple[BesideWeek, ...], limit: float) -> ProposedRow:
    loads = ([each.load_before for each in weeks], [each.load_after for each in weeks])
    over = [weeks_over(each, above=limit) for each in loads]
    return ProposedRow(key, name, weeks, *over)


def _theirs(
    found: Known, people: set[int], given: tuple[Mapping[int, Held], Sequence[int]]
) -> frozenset[int]:
    """Return the accounts that the proposal is about: what these people and pools work on, what it moves."""
    owners, pools = given
    there = {PERSON: people, POOL: set(pools)}

    def is_theirs(each: Ahead) -> bool:
        return any(who in there.get(kind, ()) for kind, who in each.workers)

    return frozenset(each.account for each in found.accounts if each.account in owners or is_theirs(each))
