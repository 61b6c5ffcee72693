"""The team: who is in it, when they are away, and who owned which account from when on.

Books are cut by effort, not by count: accounts stand in one line by region and size, and each person
takes a stretch of it that fits the load they are meant to have. Ruth left ten weeks ago and most of
her book went to Dana, who has carried too much since; Tomás was hired after her and is ramping.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evenbook.sources.sample import shape
from evenbook.sources.sample.axis import NEVER, Axis, Flags, Floats, Ints, stream
from evenbook.sources.sample.lives import Lives
from evenbook.sources.sample.money import Terms, open_due
from evenbook.sources.sample.names import people_names
from evenbook.sources.sample.story import (
    CAST,
    DEPARTED,
    EXECUTIVE,
    LEADER,
    MEMBERS,
    OPERATIONS,
    TEAMS,
    Member,
)

NOBODY = -1
NAMED = len(MEMBERS)
PLACE = {member.part: place for place, member in enumerate(MEMBERS)}
OVERLOADED_EVERY, RAMPING_EVERY, TEAM_OF, DEPARTED_EVERY, DIGITAL_OF = 12, 20, 10, 10, 600
LIGHTER = 1.3
"""Part-time people get somewhat less than their share: a small book swings more."""

MIXED = 1.6
"""How far books mix tiers: 0 would give one person all of the largest accounts of a region."""

DEPARTED_DAYS = shape.OVERLOADED_WEEKS * 7
LANGUAGE = {"US": "en", "CA": "fr", "BR": "pt", "GB": "en", "DE": "de", "FR": "fr", "ES": "es", "IT": "it"}
ZONE = ("America/Chicago", "Europe/Paris", "Asia/Singapore")


@dataclass(frozen=True)
class Team:
    """The people, CSMs first, one value a person in each list or array; places count from 0.

    ``left`` and ``started`` are days. ``pool_member`` is the person who runs each digital pool.
    """

    members: tuple[Member, ...]
    csms: int
    is_person: Flags
    started: Floats
    left: Floats
    share: Floats
    overloaded: Flags
    ramping: Flags
    pool_member: Ints

    def place(self, part: str) -> int:
        """Return where a part stands among the people."""
        return next(place for place, member in enumerate(self.members) if member.part == part)


@dataclass(frozen=True)
class Owners:
    """Who owned each account: up to three rows a account, by the day from which they hold.

    ``since`` is ``NEVER`` in slots that are not used; ``person`` is ``NOBODY`` where a pool owns it.
    """

    since: Floats
    person: Ints
    pool: Ints

    def at(self, account: Ints, day: Floats) -> Ints:
        """Return the owner of accounts on given days, ``NOBODY`` where there is none."""
        holds = self.since[account] <= day[:, None]
        place = np.maximum(holds.sum(axis=1) - 1, 0)
        return np.asarray(self.person[account, place])


@dataclass(frozen=True)
class Leaves:
    """Days off, first to last, and who covers; ``known`` is when they were asked for."""

    person: Ints
    first: Floats
    last: Floats
    cover: Ints
    known: Floats
    kind: tuple[str, ...]


def gather(seed: int, axis: Axis, *, csms: int, accounts: int) -> Team:
    """Return the team of so many CSMs."""
    rng = stream(seed, "team")
    members = _members(rng, csms)
    count = len(members)
    place = np.arange(count)
    later = (place >= NAMED) & (place < csms)
    overloaded = (place == PLACE["dana"]) | (later & (place % OVERLOADED_EVERY == 3))
    ramping = (place == PLACE["tomas"]) | (later & (place % RAMPING_EVERY == 4))
    started = np.floor(-rng.uniform(200, 1500, size=count))
    recent = np.floor(rng.uniform(30, max(31.0, axis.cut - DEPARTED_DAYS - 60), size=count))
    started = np.where(later & (rng.random(count) < 0.15), recent, started)
    started[ramping] = np.floor(axis.cut) - shape.RAMP_DAYS
    if csms > PLACE["haruka"]:
        started[PLACE["haruka"]] = np.floor(axis.cut) - 430
    left = np.where(
        [member.part.startswith("ruth") for member in members], np.floor(axis.cut) - DEPARTED_DAYS, NEVER
    )
    share = np.where([member.part == "nuala" for member in members], shape.PART_TIME, 1.0)
    pools = max(1, round(accounts * shape.TIER_SHARES[3] / DIGITAL_OF))
    first_runner = PLACE["nuala"] if csms > PLACE["nuala"] else PLACE["ben"]
    runners = np.concatenate(([first_runner], np.nonzero(later & ~overloaded & ~ramping)[0]))[:pools]
    is_person = np.array([member.part != "bot" for member in members])
    return Team(members, csms, is_person, started, left, share, overloaded, ramping, runners)


def _members(rng: np.random.Generator, csms: int) -> tuple[Member, ...]:
    """Return CSMs, then leaders, operations, executive, those who left, and the CRM's import user."""
    more = max(0, csms - NAMED)
    leaders = more // TEAM_OF
    gone = more // DEPARTED_EVERY
    names = iter(people_names(rng, more + leaders + gone).to_pylist())
    country = rng.choice(len(shape.COUNTRIES), size=more, p=shape.COUNTRY_SHARES)

    def other(part: str, role: str, team: str, code: str) -> Member:
        zone = ZONE[shape.COUNTRY_REGION[shape.COUNTRIES.index(code)]]
        return Member(part, next(names), role, team, code, zone, tuple({LANGUAGE.get(code, "en"), "en"}))

    teams = [TEAMS[1 + place % 2] if not leaders else f"Team {place // TEAM_OF + 1}" for place in range(more)]
    return (
        *MEMBERS[:csms],
        *(
            other(f"csm-{place}", "csm", teams[place], shape.COUNTRIES[country[place]])
            for place in range(more)
        ),
        LEADER,
        OPERATIONS,
        EXECUTIVE,
        *(other(f"leader-{place}", "leader", f"Team {place + 1}", "US") for place in range(leaders)),
        DEPARTED,
        *(other(f"ruth-{place}", "csm", "", "GB") for place in range(gone)),
        Member("bot", "CRM import user", "integration", "", "", "", ()),
    )


def planned_hours(axis: Axis, lives: Lives, contracts: Terms) -> Floats:
    """Return the hours a month that a plain team would plan for each account now."""
    age = axis.cut - lives.started
    due = open_due(lives, contracts) - axis.cut
    stage = np.where(age < 80, "onboarding", np.where(age < 240, "adoption", "value"))
    stage = np.where(due <= 90, "renewal", stage)
    factor = np.vectorize(shape.STAGE_HOURS.__getitem__)(stage)
    factor = factor * np.where(lives.contacts >= 6, 1.2, np.asarray((1.1, 1.0, 0.9, 0.9))[lives.tier])
    falling = (lives.fall_at > axis.cut - 200) & ~(lives.fall_ends < axis.cut - 60)
    factor = factor * np.where(falling, 1.3, 1.0)
    factor = factor * np.asarray((0.85, 0.95, 1.0, 1.15, 1.3))[lives.complexity - 1]
    factor = factor * (1 + 0.05 * (lives.products - 1)) * np.where(lives.regulated, 1.1, 1.0)
    return np.asarray(np.asarray(shape.BASE_HOURS)[lives.tier] * factor * lives.active_at(axis.cut))


def owners(seed: int, axis: Axis, lives: Lives, team: Team, *, hours: Floats) -> Owners:
    """Return the history of ownership."""
    rng = stream(seed, "owners")
    owner = _owner_now(rng, axis, lives, team, hours=hours)
    before, changed = _owner_before(rng, axis, lives, team, owner=owner)
    digital = (lives.tier == 3) & (owner == NOBODY)
    since = np.full((lives.count, 3), NEVER)
    person = np.full((lives.count, 3), NOBODY)
    pool = np.full((lives.count, 3), NOBODY)
    since[:, 0], person[:, 0] = lives.started, owner
    pool[digital, 0] = rng.integers(len(team.pool_member), size=int(digital.sum()))
    moved = ~np.isnan(changed)
    person[moved, 0], person[moved, 1], since[moved, 1] = before[moved], owner[moved], changed[moved]
    _let_the_departed_begin(rng, team, since, person)
    return Owners(since, person, pool)


def _owner_now(rng: np.random.Generator, axis: Axis, lives: Lives, team: Team, *, hours: Floats) -> Ints:
    """Return today's owner: each CSM takes a stretch of the line of accounts that fits their load."""
    veterans = np.nonzero(~team.ramping[: team.csms])[0]
    owner = np.where(lives.tier < 3, veterans[rng.integers(len(veterans), size=lives.count)], NOBODY)
    given = np.zeros(lives.count, dtype=bool)
    for place, part in enumerate(CAST):
        if part.owner:
            owner[place], given[place] = team.place(part.owner), True
    line = np.lexsort((lives.tier + rng.normal(0, MIXED, size=lives.count), lives.region))
    line = line[(lives.tier[line] < 3) & lives.active_at(axis.cut)[line] & ~given[line]]
    wanted = _wanted_hours(rng, team, hours)
    wanted -= np.bincount(owner[given], hours[given], minlength=len(team.members))[: team.csms]
    regions = np.array([_region_of(member.region) for member in team.members[: team.csms]])
    people = np.lexsort((rng.random(team.csms), regions))
    edges = np.cumsum(np.maximum(wanted[people], 1.0))
    along = np.cumsum(hours[line]) - hours[line] / 2
    owner[line] = people[np.searchsorted(edges[:-1] / edges[-1] * hours[line].sum(), along)]
    return owner


def _wanted_hours(rng: np.random.Generator, team: Team, hours: Floats) -> Floats:
    """Return the hours that each CSM is meant to carry, which add up to all that there are."""
    csms = team.csms
    target = rng.uniform(*shape.LOAD_USUAL, size=csms) * team.share[:csms] ** LIGHTER
    target = np.where(team.overloaded[:csms], shape.LOAD_OVER, target)
    target = np.where(team.ramping[:csms], shape.LOAD_RAMPING * shape.RAMP_SHARE, target)
    return np.asarray(target / target.sum() * float(hours.sum()))


def _region_of(country: str) -> int:
    return shape.COUNTRY_REGION[shape.COUNTRIES.index(country)]


def _owner_before(
    rng: np.random.Generator, axis: Axis, lives: Lives, team: Team, *, owner: Ints
) -> tuple[Ints, Floats]:
    """Return who had an account before its last change of hands, and when that was."""
    count = lives.count
    gone = np.nonzero(~np.isnan(team.left))[0]
    veterans = np.nonzero(~team.ramping[: team.csms])[0]
    before = veterans[rng.integers(len(veterans), size=count)]
    opens = np.maximum(lives.started, 0) + 60
    ends = np.where(np.isnan(lives.churned), axis.cut, lives.churned) - 60
    changed = rng.uniform(opens, np.maximum(ends, opens + 1))
    chance = rng.random(count)
    moved = (chance < shape.OWNER_CHANGED) & (ends > opens)
    inherits = lives.active_at(axis.cut) & (lives.started < axis.cut - DEPARTED_DAYS - 30)
    inherits &= chance > 1 - np.where(team.overloaded[owner], 0.5, 0.05)
    before = np.where(inherits, gone[rng.integers(len(gone), size=count)], before)
    changed = np.where(inherits, axis.cut - DEPARTED_DAYS - rng.uniform(0, 6, size=count), changed)
    new = team.ramping[owner]
    changed = np.where(new, axis.cut - rng.uniform(3, shape.RAMP_DAYS - 6, size=count), changed)
    before = np.where(new & inherits, veterans[rng.integers(len(veterans), size=count)], before)
    moved = (moved | inherits | new) & (owner != NOBODY) & ~lives.pinned & (before != owner)
    moved &= changed > lives.started
    return before, np.where(moved, np.floor(changed) + 0.375, NEVER)


def _let_the_departed_begin(rng: np.random.Generator, team: Team, since: Floats, person: Ints) -> None:
    """Nobody owns an account before their first day: somebody who has left since had it until then."""
    first = person[:, 0]
    early = (first != NOBODY) & (team.started[first] > since[:, 0])
    gone = np.nonzero(~np.isnan(team.left))[0]
    hired = team.started[first] + np.floor(rng.uniform(2, 20, size=len(first))) + 0.375
    early &= np.isnan(since[:, 1]) | (since[:, 1] > hired)
    for target in (since, person):
        target[early, 2] = target[early, 1]
    since[early, 1], person[early, 1] = hired[early], first[early]
    person[early, 0] = gone[rng.integers(len(gone), size=len(first))][early]


def leaves(seed: int, axis: Axis, team: Team) -> Leaves:
    """Return the team's leave: summers, year's ends, odd days, one long absence, what is planned."""
    rng = stream(seed, "leave")
    rows: list[tuple[int, float, float, str]] = []
    for year in range(axis.first_on.year, axis.as_of.year + 1):
        begins = axis.day_of(axis.first_on.replace(year=year, month=1, day=1))
        for person in range(team.csms):
            rows += _of_a_year(rng, person, begins)
    quiet = (axis.cut - 30, axis.cut + 3)
    rows = [row for row in rows if 0 <= row[1] and row[2] < quiet[0]]
    rows += _special(axis, team)
    rows = [row for row in rows if row[1] > team.started[row[0]]]
    people = np.array([row[0] for row in rows])
    first, last = np.array([row[1] for row in rows]), np.array([row[2] for row in rows])
    cover = _covers(team, people)
    known = np.minimum(first - 30.0, axis.cut - 6.0) + 0.4
    return Leaves(people, first, last, cover, known, tuple(row[3] for row in rows))


def _of_a_year(rng: np.random.Generator, person: int, begins: float) -> list[tuple[int, float, float, str]]:
    summer = _monday(begins + 175 + rng.integers(0, 60))
    spring = _monday(begins + 60 + rng.integers(0, 80))
    autumn = begins + 270 + rng.integers(0, 50)
    ends = begins + 357
    return [
        (person, summer, summer + 11, "leave"),
        (person, spring, spring + 4, "leave"),
        (person, float(autumn), float(autumn + 1), "leave"),
        (person, ends, ends + 5, "leave"),
    ]


def _monday(day: float) -> float:
    return float(day - day % 7)


def _special(axis: Axis, team: Team) -> list[tuple[int, float, float, str]]:
    """Return one long absence last year, and leave that is still to come."""
    today = np.floor(axis.cut)
    long_ago = _monday(today - 300)
    return [
        (PLACE["chidi"], long_ago, long_ago + 81, "parental leave"),
        (PLACE["ben"], _monday(today + 18), _monday(today + 18) + 11, "leave"),
        (team.place("amara"), _monday(today + 39), _monday(today + 39) + 4, "leave"),
    ]


def _covers(team: Team, person: Ints) -> Ints:
    """Return who covers: the next CSM of the line who is neither new nor over the limit."""
    able = np.nonzero(~team.ramping[: team.csms] & ~team.overloaded[: team.csms])[0]
    place = np.searchsorted(able, person, side="right") % len(able)
    return able[place]
