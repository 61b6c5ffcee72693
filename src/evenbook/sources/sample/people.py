"""The team as application tables: persons, their aliases, leave, pools, adjustments."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from evenbook.kit.keys import slug
from evenbook.sources.sample import shape
from evenbook.sources.sample.machines import machines
from evenbook.sources.sample.story import DEPARTED, EXECUTIVE, LEADER, MEMBERS, OPERATIONS
from evenbook.sources.sample.team import PLACE
from evenbook.sources.sample.world import World, dated, ids

MAIL = "sample.example"


def mail_of(name: str, number: int = 0) -> str:
    """Return a member's mail address; it carries a number where names may repeat."""
    return f"{slug(name).replace('-', '.')}{f'.{number}' if number else ''}@{MAIL}"


def mails(world: World) -> list[str]:
    """Return everybody's mail address, in the order of the people; nothing for who is no person."""
    named = {member.part for member in (*MEMBERS, LEADER, OPERATIONS, EXECUTIVE, DEPARTED)}
    return [
        mail_of(member.name, 0 if member.part in named else place + 1) if world.team.is_person[place] else ""
        for place, member in enumerate(world.team.members)
    ]


def with_users(persons: pa.Table, users: Mapping[str, int]) -> pa.Table:
    """Return the persons with the users who sign in as them, by mail address."""
    found = [users.get(mail) if mail else None for mail in persons["mail"].to_pylist()]
    return persons.append_column("user_id", pa.array(found, type=pa.int64()))


def people_of(world: World) -> dict[str, pa.Table]:
    """Return the tables of the team."""
    return {
        "book_person": _persons(world),
        "book_personalias": _aliases(world),
        "book_leave": _leaves(world),
        "book_personrole": _roles(world),
        "book_personmachine": machines(world),
        "book_capacityadjustment": _adjustments(world),
        "book_pool": _pools(world),
        "book_poolmember": _pool_members(world),
    }


def _persons(world: World) -> pa.Table:
    staff, members = world.team, world.team.members
    numbers = np.arange(len(members))
    return pa.table(
        {
            "id": ids(numbers),
            "key": [f"P-{number + 1:03d}" for number in numbers],
            "name": [member.name for member in members],
            "mail": mails(world),
            "role": [member.role for member in members],
            "team": [member.team for member in members],
            "is_person": pa.array(staff.is_person),
            "started_on": world.axis.dates(np.where(staff.is_person, staff.started, np.nan)),
            "left_on": world.axis.dates(staff.left),
            "working_share": pa.array(staff.share),
            "monthly_hours": pa.nulls(len(members), pa.float64()),
            "region": [member.region for member in members],
            "time_zone": [member.time_zone for member in members],
            "languages": [json.dumps(list(member.languages)) for member in members],
            "industries": [json.dumps(_industries(place)) for place in range(len(members))],
        }
    )


def _industries(place: int) -> list[str]:
    kinds = shape.INDUSTRIES
    return [kinds[place % len(kinds)], kinds[(place + 3) % len(kinds)]]


def _aliases(world: World) -> pa.Table:
    numbers = np.arange(len(world.team.members))
    crm = [f"U-{number + 1:05d}" for number in numbers]
    known = [(place, mail) for place, mail in enumerate(mails(world)) if mail]
    return pa.table(
        {
            "person_id": ids(np.concatenate((numbers, [place for place, _ in known]))),
            "source": ["crm"] * len(numbers) + ["calendar"] * len(known),
            "external_id": crm + [mail for _, mail in known],
        }
    )


def _leaves(world: World) -> pa.Table:
    away = world.leaves
    return pa.table(
        {
            "person_id": ids(away.person),
            **dated(world.axis, away.known, away.known),
            "first_on": world.axis.dates(away.first),
            "last_on": world.axis.dates(away.last),
            "kind": list(away.kind),
            "cover_id": ids(away.cover),
            "withdrawn_at": pa.nulls(len(away.person), pa.timestamp("us")),
        }
    )


def _roles(world: World) -> pa.Table:
    """Return the role that changes: Farah will lead a team in three weeks, and that is known for two days."""
    axis, rows = world.axis, 2 if world.team.csms > PLACE["farah"] else 0
    today = np.floor(axis.cut)
    first, told = np.array([today - 700, today + 24])[:rows], np.array([today - 700, today - 2 + 0.4])[:rows]
    return pa.table(
        {
            "person_id": ids(np.array([PLACE["farah"]] * rows, dtype=np.int64)),
            **dated(axis, told, told),
            "role": pa.array(["csm", "leader"][:rows], type=pa.string()),
            "first_on": axis.dates(first),
        }
    )


def _adjustments(world: World) -> pa.Table:
    """Return what was taken from or added to anybody's hours: Ben trains the new colleague."""
    axis = world.axis
    since = np.array([np.floor(axis.cut) - shape.RAMP_DAYS])
    told = since + 0.4
    return pa.table(
        {
            "person_id": ids(np.array([world.team.place("ben")])),
            **dated(axis, told, told),
            "first_on": axis.dates(since),
            "last_on": axis.dates(since + 90),
            "hours": [-6.0],
            "reason": ["Trains the new colleague"],
            "withdrawn_at": pa.nulls(1, pa.timestamp("us")),
        }
    )


def _pools(world: World) -> pa.Table:
    runners = world.team.pool_member
    numbers = np.arange(len(runners))
    return pa.table(
        {
            "id": ids(numbers),
            "key": [f"digital-{number + 1}" if number else "digital" for number in numbers],
            "name": [f"Digital pool {number + 1}" if number else "Digital pool" for number in numbers],
            "lead_id": ids(runners),
        }
    )


def _pool_members(world: World) -> pa.Table:
    runners = world.team.pool_member
    since = world.team.started[runners]
    return pa.table(
        {
            "pool_id": ids(np.arange(len(runners))),
            "person_id": ids(runners),
            "since_on": world.axis.dates(since),
            "until_on": pa.nulls(len(runners), pa.date32()),
        }
    )
