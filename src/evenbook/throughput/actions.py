"""Who has been over their ceiling for too long, as a decision that waits for a leader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from evenbook.book.queries import TeamMember, staff
from evenbook.decisions.actions import Cause, keep_causes
from evenbook.decisions.queries import Evidence
from evenbook.decisions.rules import OVER_CEILING
from evenbook.frames.session import Session
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.policy.queries import in_force
from evenbook.runs.actions import Keeping, is_newest
from evenbook.runs.queries import Week, week_on_or_before
from evenbook.throughput.numbers import ThroughputNumbers
from evenbook.throughput.queries import NOTHING, Pace, paces, seven

SAID = "Over the ceiling for {weeks} weeks: a problem of the system to solve."


def store(session: Session, keeping: Keeping) -> int:
    """Keep who, as of the newest day, is over their ceiling for as long as policy allows; return how many."""
    keeper = replace(SYSTEM, worked_out={})  # who is in the team may have changed since the last run
    run = week_on_or_before(keeper, keeping.as_of)
    if run is None or run.id != keeping.run or not is_newest(keeping.as_of):
        return 0
    shown = Week(run, in_force(run.as_of).policy)
    return len(keep_causes(OVER_CEILING, _causes(keeper, shown), as_of=run.as_of).noticed)


def _causes(keeper: Viewer, shown: Week) -> Iterator[Cause]:
    people = {("csm", each.key): each for each in staff(keeper) if each.is_person}
    found = paces(keeper, shown, people)
    over = {subject: pace for subject, pace in found.items() if pace.asks}
    figures = seven(keeper, shown, kinds=["csm"]) if over else {}
    limit = shown.policy.of(ThroughputNumbers).intervene_weeks
    for subject, pace in over.items():
        held, ceiling = (figures.get((name, *subject), NOTHING) for name in ("strategic", "ceiling"))
        yield _cause(people[subject], pace, held=held.count, ceiling=ceiling.value, limit=limit)


def _cause(who: TeamMember, pace: Pace, *, held: int, ceiling: float | None, limit: int) -> Cause:
    return Cause(
        sentence=SAID.format(weeks=pace.weeks_over),
        reasons=(
            f"{held} strategic interactions this week; {ceiling or 0:g} can be held well.",
            f"It asks for a decision from {limit} weeks on.",
        ),
        evidence=(
            Evidence("Weeks over", pace.weeks_over, "count", limit, "limit"),
            Evidence("Strategic this week", held, "count", ceiling, "ceiling"),
        ),
        person_id=who.id,
    )
