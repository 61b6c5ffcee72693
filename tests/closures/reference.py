"""Loops worked out row by row in plain Python, for the product's SQL to be held against.

Shares nothing with ``evenbook``: rows and policy are plain dictionaries, all instants aware and in UTC.
It is slow on purpose. Each day is worked out from the rows that could be seen before that day was over
and from nothing else, so it cannot know the future by mistake.

A *point* is an instant from which a clock counts anew; a *candidate* an opening before tier and churn
are asked; of candidates with one key the earliest is the loop.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from typing import NamedTuple

from tests.closures.known import NEVER, Known, Row, Rules, World, by
from tests.closures.reference_usage import silences


@dataclass(frozen=True)
class LoopState:
    """A loop as of a day. ``account`` is a key; of ``closed_at`` and ``withdrawn_at`` at most one is set."""

    loop: str
    account: str
    event_at: datetime
    opened_at: datetime
    due_on: date
    closed_at: datetime | None
    withdrawn_at: datetime | None
    state: str
    cohort_on: date | None = None


class Candidate(NamedTuple):
    """A loop before tier and churn are asked. ``loop`` is its row in the policy."""

    key: str
    loop: Row
    account: int
    event_at: datetime
    opened_at: datetime
    due_on: date
    withdrawn_at: datetime | None = None


class Renewal(NamedTuple):
    """A renewal date of an account, and from when until when each row of a contract stands for it."""

    account: int
    on: date
    lives: list[tuple[datetime, datetime]]


class Point(NamedTuple):
    """From ``at`` on, a clock counts from the day ``on``."""

    at: datetime
    on: date


def loops_as_of(world: World, day: date) -> dict[str, LoopState]:
    """Return by key every loop that had opened by the end of ``day``, as it then stood."""
    known = Known(world, day)
    first: dict[str, Candidate] = {}
    for each in sorted(candidates(known), key=lambda one: (one.opened_at, one.event_at)):
        first.setdefault(each.key, each)
    return {key: state_of(known, each) for key, each in first.items() if may_open(known, each)}


def may_open(known: Known, each: Candidate) -> bool:
    """Return whether the account was in a tier of the loop, and not churned, when it opened."""
    tiers = {int(tier) for tier in each.loop["tiers"].split(",")}
    in_tier = known.tier_at(each.account, each.opened_at) in tiers
    return in_tier and not known.is_churned(each.account, each.opened_at)


def state_of(known: Known, each: Candidate) -> LoopState:
    """Return how a loop stands at the end of the day. What came first, closing or withdrawal, stays."""
    told_at, withdrawn_at = closed_at(known, each), each.withdrawn_at
    if told_at is not None and (withdrawn_at is None or told_at <= withdrawn_at):
        withdrawn_at = None
        state = "closed late" if known.day_of(told_at) > each.due_on else "closed"
    elif withdrawn_at is not None:
        told_at, state = None, "withdrawn"
    else:
        state = "overdue" if each.due_on < known.day else "open"
    return LoopState(
        loop=each.loop["loop"],
        account=known.accounts[each.account]["key"],
        event_at=each.event_at,
        opened_at=each.opened_at,
        due_on=each.due_on,
        closed_at=told_at,
        withdrawn_at=withdrawn_at,
        state=state,
        cohort_on=cohort_of(known, each),
    )


def cohort_of(known: Known, each: Candidate) -> date | None:
    """Return the first day of the week or month whose silent accounts are recorded together; else none."""
    if each.loop["opened_by"] != "silence":
        return None
    rules = next(one for one in known.rules if one.holds_at(each.opened_at))
    together = {int(tier) for tier in rules.closures.get("cohort_tiers", "").split(",") if tier.strip()}
    if known.tier_at(each.account, each.opened_at) not in together:
        return None
    opened_on = known.day_of(each.opened_at)
    if rules.closures["cohort_of"] == "month":
        return opened_on.replace(day=1)
    return opened_on - timedelta(days=opened_on.weekday())


def closed_at(known: Known, each: Candidate) -> datetime | None:
    """Return when the first artifact that may close a loop could be seen, not before it opened."""
    linked = known.linked.get(each.key, [])
    unlinked = known.unlinked.get((each.account, each.loop["artifact"]), [])
    after = (row for row in unlinked if row["happened_at"] >= each.event_at)
    told = [row["visible_at"] for row in (*linked[:1], *islice(after, 1))]
    return max(each.opened_at, min(told)) if told else None


def candidates(known: Known) -> Iterator[Candidate]:
    """Yield every opening that could be seen by then."""
    for rules in known.rules:
        for loop in rules.loops("contact", "interaction"):
            yield from talk_candidates(known, rules, loop)
        for loop in rules.loops("ticket"):
            yield from ticket_candidates(known, rules, loop)
        for loop in rules.loops("owner"):
            yield from owner_candidates(known, rules, loop)
        for loop in rules.loops("renewal"):
            yield from renewal_candidates(known, rules, loop)
    yield from clock_candidates(known)
    for silence in silences(known):
        key = f"{silence.loop['loop']}:{known.accounts[silence.account]['key']}:{silence.crossed_on}"
        at = silence.opened_at
        due_on = known.due_on(silence.account, at, silence.loop["due_days"], silence.loop["due_in"])
        yield Candidate(key, silence.loop, silence.account, at, at, due_on)


def talk_candidates(known: Known, rules: Rules, loop: Row) -> Iterator[Candidate]:
    named = {each["named"] for each in rules.loops("interaction")}
    for rows in known.talks.values():
        done = [row for row in rows if row["status"] == "completed"]
        if loop["opened_by"] == "interaction":
            rows = [row for row in done if row["kind"] == loop["named"]]
        else:
            rows = [row for row in done if row["kind"] not in named and rules.is_meaningful(row)]
        if rows and rules.holds_at(rows[0]["visible_at"]):
            days = (loop["due_days"], loop["due_in"])
            yield from record_candidates(
                known, rules, loop, rows, at="visible_at", happened="happened_at", days=days
            )


def ticket_candidates(known: Known, rules: Rules, loop: Row) -> Iterator[Candidate]:
    """Yield one opening an escalated ticket; what is to be escalated later was not escalated yet."""
    severities = {each["priority"].lower(): each["days"] for each in rules.closures["severities"]}
    for rows in known.tickets.values():
        seen = []
        for row in rows:
            if row["escalated_at"] is None or loop["named"] not in ("", row["kind"]):
                continue
            seen_at = max(row["visible_at"], row["escalated_at"])
            if seen_at < min(known.ends_at, row["hidden_at"] or NEVER):
                seen.append({**row, "seen_at": seen_at})
        seen.sort(key=lambda row: (row["seen_at"], row["id"]))
        if seen and rules.holds_at(seen[0]["seen_at"]):
            priority = seen[0]["priority"].lower()
            by_severity = priority in severities
            days = (severities[priority], "working") if by_severity else (loop["due_days"], loop["due_in"])
            yield from record_candidates(
                known, rules, loop, seen, at="seen_at", happened="escalated_at", days=days
            )


def record_candidates(
    known: Known, rules: Rules, loop: Row, rows: list[Row], *, at: str, happened: str, days: tuple[int, str]
) -> Iterator[Candidate]:
    """Yield the opening by a record, if it happened and became known after the start.

    Args:
        known: what could be seen.
        rules: those in force when it became known.
        loop: which loop.
        rows: the record's qualifying rows, in the order in which they could be seen.
        at: the column that says from when a row could be seen.
        happened: the column that says when its event happened.
        days: until the loop is due, working or calendar.
    """
    first, account = rows[0], rows[-1]["account"]
    opened_at = first[at]
    if min(opened_at, first[happened]) < rules.start_at:
        return
    hidden = [row["hidden_at"] for row in rows]
    yield Candidate(
        key=f"{loop['loop']}:{first['source']}:{first['external_id']}",
        loop=loop,
        account=account,
        event_at=first[happened],
        opened_at=opened_at,
        due_on=known.due_on(account, opened_at, *days),
        withdrawn_at=None if None in hidden else max(hidden),
    )


def owner_candidates(known: Known, rules: Rules, loop: Row) -> Iterator[Candidate]:
    long = long_absences(known, rules)
    for account in {*known.owners, *(account for account, _ in known.roles_held)}:
        held = {role: in_force(rows) for (of, role), rows in known.roles_held.items() if of == account}
        if account in known.owners:
            held["owner"] = in_force(known.owners[account])
        for each in once(events_of(known, long, held)):
            if each.opened_at < rules.start_at or not rules.holds_at(each.opened_at):
                continue
            region = known.region_at(account, each.opened_at, each.role)
            key = known.accounts[account]["key"] + ("" if each.role == "owner" else f":{each.role}")
            due_on = known.due_on(account, each.opened_at, loop["due_days"], role=each.role)
            yield Candidate(
                key=f"{loop['loop']}:{key}:{each.on}",
                loop=loop,
                account=account,
                event_at=each.event_at,
                opened_at=each.opened_at,
                due_on=max(known.working_day_before(each.on, region), due_on),
            )


class Passing(NamedTuple):
    """That a role changes hands, or will: from whom, on which day; ``of`` is the absence or the move."""

    opened_at: datetime
    is_role: bool
    role: str
    event_at: datetime
    on: date
    giver: tuple[str, int | None, int | None]


def events_of(known: Known, long: list[Absence], held: dict[str, list[Row]]) -> Iterator[Passing]:
    """Yield what of an account's roles changes hands: by an absence, and by a move that none explains.

    What explains an owner's move explains that of their other roles there, and not the other way round.
    """
    aways = {role: list(aways_of(known, long, rows)) for role, rows in held.items()}
    for role, rows in held.items():
        is_role = role != "owner"
        for each in aways[role]:
            giver = ("away", each.person, None)
            yield Passing(each.opened_at, is_role, role, each.opened_at, each.first_on, giver)
        explained = [each for of, listed in aways.items() if is_role or of == "owner" for each in listed]
        for before, row in pairwise(rows):
            old, new = (before["person"], before["pool"]), (row["person"], row["pool"])
            opened_at, moved_on = row["visible_at"], known.day_of(row["happened_at"])
            follows = any(
                each.person == before["person"] and each.opened_at <= opened_at and moved_on <= each.last_on
                for each in explained
            )
            if (None, None) not in (old, new) and old != new and not follows:
                yield Passing(opened_at, is_role, role, row["happened_at"], moved_on, ("moved", *old))


def once(events: Iterable[Passing]) -> Iterator[Passing]:
    """Yield an owner's, and of the roles that one giver passes on at once the first to be known."""
    seen = set()
    for each in sorted(events, key=lambda one: one[:3]):
        same = (each.on, each.giver)
        if same not in seen or not each.is_role:
            yield each
        seen.add(same)


class Away(NamedTuple):
    """An owner's long leave, departure or change of role, from when it asks for a brief of the account."""

    person: int
    first_on: date
    last_on: date
    opened_at: datetime


Absence = tuple[int, date, date, datetime]
"""Who is away or changes role, from when to when, and when it became known."""


def long_absences(known: Known, rules: Rules) -> list[Absence]:
    """Return the long leaves and the departures of everybody, and their changes of role."""
    told = [(row["person"], row["first_on"], row["last_on"], row["known_at"]) for row in known.leaves]
    long = [each for each in told if is_long(known, rules, *each[:3])]
    for person, left_on in known.left_on.items():
        gone_on = left_on + timedelta(days=1)
        long.append((person, gone_on, left_on + timedelta(days=31), known.start_of(gone_on)))
    return [*long, *role_changes(known)]


def aways_of(known: Known, long: list[Absence], owned: list[Row]) -> Iterator[Away]:
    """Yield the absences, and changes of role, of whoever owned an account while known and not over."""
    ends = [*(row["visible_at"] for row in owned[1:]), NEVER]
    for person, first_on, last_on, told_at in long:
        over_at = datetime(last_on.year, last_on.month, last_on.day, tzinfo=UTC) + timedelta(days=1)
        starts = [
            max(told_at, row["visible_at"])
            for row, until_at in zip(owned, ends, strict=True)
            if row["person"] == person and told_at < until_at
        ]
        starts = [at for at in starts if at < min(over_at, known.ends_at)]
        if starts:
            yield Away(person, first_on, last_on, min(starts))


def role_changes(known: Known) -> Iterator[tuple[int, date, date, datetime]]:
    """Yield who got another role, from which day on, until when it is looked for, and when it was known.

    Whoever becomes a CSM keeps their accounts; a user is somebody whose role nobody told.
    """
    for person, rows in known.roles.items():
        for before, row in pairwise(rows):
            is_other = before["role"] != row["role"]
            if is_other and before["role"] != "user" and row["role"] not in ("user", "csm"):
                from_on = max(row["first_on"], known.day_of(row["known_at"]))
                yield person, row["first_on"], from_on + timedelta(days=30), row["known_at"]


def is_long(known: Known, rules: Rules, person: int, first_on: date, last_on: date) -> bool:
    days = [first_on + timedelta(days=count) for count in range((last_on - first_on).days + 1)]
    worked = sum(known.is_working(day, known.regions.get(person) or "") for day in days)
    return bool(worked >= rules.closures.get("long_leave_days", 15))


def in_force(rows: list[Row]) -> list[Row]:
    """Return the ownerships that were the newest when they became known; of one instant the last."""
    found: list[Row] = []
    for row in rows:
        if found and (row["happened_at"], row["id"]) < (found[-1]["happened_at"], found[-1]["id"]):
            continue
        if found and found[-1]["visible_at"] == row["visible_at"]:
            found.pop()
        found.append(row)
    return found


def renewal_candidates(known: Known, rules: Rules, loop: Row) -> Iterator[Candidate]:
    """Yield the openings by the marks before each renewal date of each account."""
    for account, contracts in known.contracts.items():
        for renews_on in sorted({found for row in contracts if (found := renewal_of(row))}):
            renewal = Renewal(account, renews_on, lives_of(known, contracts, renews_on))
            for mark, early_days in marks_of(rules).items():
                yield from mark_candidates(known, rules, loop, renewal, mark=mark, early_days=early_days)


def mark_candidates(
    known: Known, rules: Rules, loop: Row, renewal: Renewal, *, mark: int, early_days: int
) -> Iterator[Candidate]:
    """Yield the opening at a mark by each row of a contract; the earliest of them is the loop.

    Args:
        known: what could be seen.
        rules: one version; a mark that it sets in the past opens when it comes into force.
        loop: which loop.
        renewal: of which account, and when.
        mark: days before the renewal.
        early_days: so many days before the mark it opens.
    """
    owed_on = renewal.on - timedelta(days=mark)
    event_at = known.start_of(owed_on - timedelta(days=early_days))
    last_at = max((until_at for _, until_at in renewal.lives), default=NEVER)
    is_gone = last_at < known.ends_at
    opens_until = min(known.start_of(renewal.on), rules.until_at, known.ends_at)
    for visible_at, until_at in renewal.lives:
        opened_at = max(event_at, visible_at, rules.start_at, rules.from_at)
        if opened_at < min(until_at, opens_until):
            yield Candidate(
                key=f"{loop['loop']}:{known.accounts[renewal.account]['key']}:{renewal.on}:{mark}",
                loop=loop,
                account=renewal.account,
                event_at=event_at,
                opened_at=opened_at,
                due_on=max(owed_on, known.due_on(renewal.account, opened_at, loop["due_days"])),
                withdrawn_at=last_at if is_gone else None,
            )


def marks_of(rules: Rules) -> dict[int, int]:
    """Return the days before a renewal at which something is owed, each with how early it opens."""
    refresh_days = rules.closures["renewal_refresh_early_days"]
    refreshes = {row["days_before"]: refresh_days for row in rules.closures["renewal_refreshes"]}
    return {rules.closures["renewal_brief_days"]: rules.closures["renewal_early_days"], **refreshes}


def renewal_of(contract: Row) -> date | None:
    found: date | None = contract["renews_on"] or contract["ends_on"]
    return found


def lives_of(known: Known, contracts: list[Row], renews_on: date) -> list[tuple[datetime, datetime]]:
    """Return from when until when each row stands for a renewal: at the longest a month past its day."""
    lives = []
    late = datetime(renews_on.year, renews_on.month, renews_on.day, tzinfo=UTC) + timedelta(days=31)
    for row in contracts:
        if renewal_of(row) == renews_on:
            ends = [row[name] or NEVER for name in ("hidden_at", "renewed_at", "lost_at")]
            until_at = min(*ends, late)
            if row["visible_at"] < until_at:
                lives.append((row["visible_at"], until_at))
    return lives


def clock_candidates(known: Known) -> Iterator[Candidate]:
    """Yield the openings by clocks: of each point the earliest, whichever version of the rules asks."""
    first: dict[tuple[str, int, Point], Candidate] = {}
    for rules in known.rules:
        for loop in rules.loops("cadence", "silence"):
            resets = resets_of(known, rules, loop)
            for account in known.accounts:
                began_at = max(known.visible_at(account), rules.start_at)
                points = kept([*resets[account], Point(began_at, known.day_of(began_at))], known.ends_at)
                for point, until_at in zip(points, [*(each.at for each in points[1:]), NEVER], strict=False):
                    found = clock_candidate(known, rules, loop, account, point, until_at)
                    name = (loop["loop"], account, point)
                    if found and (name not in first or found.opened_at < first[name].opened_at):
                        first[name] = found
    yield from first.values()


def resets_of(known: Known, rules: Rules, loop: Row) -> dict[int, list[Point]]:
    """Return by account the points that a record sets: once, as it was first seen, whatever came of it."""
    records = by((row for row in known.artifacts if row["kind"] == loop["artifact"]), "source", "external_id")
    firsts = [rows[0] for rows in records.values()]
    if loop["opened_by"] == "silence":
        for rows in known.talks.values():
            met = [row for row in rows if row["status"] == "completed" and rules.is_meaningful(row)]
            firsts.extend(met[:1])
    points: dict[int, list[Point]] = defaultdict(list)
    for row in firsts:
        points[row["account"]].append(Point(row["visible_at"], known.day_of(row["happened_at"])))
    return points


def kept(points: Iterable[Point], ends_at: datetime) -> list[Point]:
    """Return the points that move a clock on: each counts from a later day than all before it."""
    found: list[Point] = []
    for point in sorted(points):
        if point.at >= ends_at or (found and point.on <= found[-1].on):
            continue
        if found and found[-1].at == point.at:
            found.pop()
        found.append(point)
    return found


def clock_candidate(
    known: Known, rules: Rules, loop: Row, account: int, point: Point, until_at: datetime
) -> Candidate | None:
    """Return what opens while a point holds, under these rules; None where nothing does."""
    tiers = {int(tier) for tier in loop["tiers"].split(",")}
    every = {
        row["tier"]: row["every_days"]
        for row in rules.closures["cadences"]
        if row["loop"] == loop["loop"] and row.get("judged_by", "contact") == "contact"
    }
    for stretch in known.tiers[account]:
        if stretch.tier not in tiers or stretch.tier not in every:
            continue
        days, is_cadence = every[stretch.tier], loop["opened_by"] == "cadence"
        wait = max(1, days - loop["due_days"]) if is_cadence else days + 1
        asked_at = known.start_of(point.on + timedelta(days=wait))
        opened_at = max(asked_at, point.at, stretch.from_at, rules.start_at, rules.from_at)
        if opened_at < min(stretch.until_at, until_at, rules.until_at, known.ends_at):
            unit = "calendar" if is_cadence else loop["due_in"]
            due_on = known.due_on(account, opened_at, loop["due_days"], unit)
            if is_cadence:
                due_on = max(due_on, point.on + timedelta(days=days))
            key = f"{loop['loop']}:{known.accounts[account]['key']}:{known.day_of(opened_at)}"
            return Candidate(key, loop, account, opened_at, opened_at, due_on)
    return None
