"""What of a week waits for a leader: who is over their ceiling, whose book asks for something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evenbook.book.queries import TeamMember, staff
from evenbook.closures.actions.sending import leaders, sending
from evenbook.decisions.actions import keep_causes
from evenbook.decisions.queries import DecisionsWanted, decisions
from evenbook.decisions.rules import NEW_LOGO, OPEN, OVER_CEILING, Cause, Evidence
from evenbook.frames.session import Session
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.runs.queries import Week
from evenbook.screens.places import address
from evenbook.throughput.numbers import ThroughputNumbers
from evenbook.throughput.numbers.triggers import TriggersNumbers
from evenbook.throughput.queries import NOTHING, Pace, paces, seven
from evenbook.throughput.queries.books import books, sales
from evenbook.throughput.queries.mails import DECISIONS, mail_kinds
from evenbook.throughput.rules.newcomers import free_hours, newcomers
from evenbook.throughput.rules.told import of_decisions
from evenbook.throughput.rules.triggers import TRIGGERS, asked_of

SAID = "Over the ceiling for {weeks} weeks: a problem of the system to solve."
LOADS = "select capacity_hours, effort_hours from load_as_of where as_of = $as_of"


def keep_waiting(session: Session, keeper: Viewer, shown: Week) -> int:
    """Keep what waits for leaders as of the newest week; return how much of it was not there before."""
    found: dict[str, list[Cause]] = {name: [] for name in (OVER_CEILING, *TRIGGERS, NEW_LOGO)}
    found[OVER_CEILING] += _over_ceiling(keeper, shown)
    for name, cause in asked_of(books(keeper, shown), shown.policy, shown.run.as_of):
        found[name].append(cause)
    found[NEW_LOGO] += _newcomers(session, keeper, shown)
    kept = [keep_causes(name, causes, as_of=shown.run.as_of) for name, causes in found.items()]
    tell_leaders(shown, [number for each in kept for number in each.waiting])
    return sum(len(each.noticed) for each in kept)


def tell_leaders(shown: Week, waiting: Sequence[int]) -> None:
    """Tell each leader once a run of what newly waits for them, as far as they are the nearest above."""
    sender = sending(mail_kinds(SYSTEM, shown.policy), now=shown.run.ended_at) if waiting else None
    for leader in leaders() if sender is not None else ():
        seen = decisions(leader, wanted=DecisionsWanted(state=OPEN), ids=waiting)
        theirs = [
            (each.subject, each.sentence) for each in seen if each.may_decide and leader.name in each.owners
        ]
        if theirs and sender is not None:
            link = f"{sender.base}{address('decisions')}?state={OPEN}"
            letter = of_decisions(leader.name, theirs, link=link)
            sender.send(DECISIONS, leader.mail, letter, key=f"decisions-{shown.run.id}-{leader.user_id}")


def _over_ceiling(keeper: Viewer, shown: Week) -> Iterator[Cause]:
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


def _newcomers(session: Session, keeper: Viewer, shown: Week) -> Iterator[Cause]:
    """Yield the new customers whose work nobody has the hours for, by the loads of the run itself."""
    coming = sales(keeper, shown)
    if not coming:
        return
    rows = session.rows(LOADS, {"as_of": shown.run.as_of}).to_pylist()
    loads = [(float(row["capacity_hours"]), float(row["effort_hours"])) for row in rows]
    target = shown.policy.of(TriggersNumbers).target_load / 100
    yield from newcomers(coming, free_hours(loads, target=target), shown.policy, shown.run.as_of)
