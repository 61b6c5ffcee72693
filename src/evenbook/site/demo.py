"""The demo: an instance with the sample company, and people who can sign in to it.

A demo is made only where nothing else is, and only a demo is ever thrown away: ``demo.json`` in the
folder marks it. The weekly run is the caller's to give, so that this module knows no rules.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection

from evenbook.expansion.sample import MORE as OPENINGS
from evenbook.expansion.sample import POLICY as EXPANSION_POLICY
from evenbook.frames import bulk
from evenbook.kit.dates import week_series
from evenbook.kit.errors import EvenbookError
from evenbook.people.actions import add_user
from evenbook.people.audit import Thing, record
from evenbook.people.queries import has_users, viewer_by_mail
from evenbook.people.queries import users as known_users
from evenbook.people.tree import place_teams
from evenbook.people.viewer import COMMAND, SYSTEM
from evenbook.policy.actions import ensure_first
from evenbook.reviews.sample import POLICY as REVIEWS_POLICY
from evenbook.reviews.sample import write_sample
from evenbook.site.actor import READER
from evenbook.site.folder import ITS_OWN, MARK, OURS
from evenbook.sources.actions import import_files
from evenbook.sources.sample.actions import load
from evenbook.sources.sample.axis import Axis
from evenbook.sources.sample.company import TABLES
from evenbook.sources.sample.people import mail_of
from evenbook.sources.sample.story import CAST, LEADER, MEMBERS, OPERATIONS, TEAMS, key_of
from evenbook.sources.sample.waiting import write_export
from evenbook.sources.sample.world import csms_of

Progress = Callable[[str, float], None]
"""Told what is being done, and how far all of it is, 0 to 1."""

MIGRATED, LOADED = 0.1, 0.8
"""How far it is when the database is made, and when the company is in it."""


class DemoRefused(EvenbookError):
    """A demo can't be made here."""

    kind = "demo-refused"


@dataclass(frozen=True)
class SignIn:
    """Somebody who can sign in to the demo."""

    name: str
    role: str
    mail: str
    password: str


@dataclass(frozen=True)
class Demo:
    """A demo as it was made: of what day, how large, who signs in, who plays which part."""

    as_of: str
    made_at: str
    accounts: int
    seed: int
    sign_ins: tuple[SignIn, ...]
    story: dict[str, str]


FIRST_WEEKS = 4
"""How many weeks are run, the demo's own day last."""

SIGNS_IN = (LEADER, MEMBERS[0], MEMBERS[3], OPERATIONS)
"""A leader, two CSMs (one with the quiet churn, one who carries too much), operations."""

PASSWORDS = ("ledger-harbor-17", "lantern-tideway-28", "compass-quarry-39", "almanac-meadow-46")
"""Fixed and printed: whoever can reach a demo may enter it. A real instance never has them."""


def sign_ins() -> tuple[SignIn, ...]:
    """Return who can sign in to a demo, the leader first."""
    return tuple(
        SignIn(member.name, member.role, mail_of(member.name), password)
        for member, password in zip(SIGNS_IN, PASSWORDS, strict=True)
    )


def demo_in(home: Path) -> Demo | None:
    """Return the demo that was made in a folder, or None where there is none or it was left half made."""
    told = _mark(home)
    if not told or not told.pop("is_made", False):
        return None
    told["sign_ins"] = tuple(SignIn(**each) for each in told["sign_ins"])
    return Demo(**told)


def make_demo(
    home: Path,
    *,
    as_of: date,
    now: datetime,
    accounts: int = 320,
    csms: int | None = None,
    seed: int = 1,
    progress: Progress | None = None,
    first_run: Callable[[date], None] | None = None,
    reset: bool = False,
) -> Demo:
    """Make a demo in the instance's folder and return it.

    ``as_of``, ``accounts``, ``csms`` and ``seed`` are those of the sample company.

    Args:
        home: the instance's folder, as in the settings.
        progress: told of each step.
        first_run: runs the week as of a day, of each week of a month: pages say what came of it.
        reset: throw away the demo that is there; never anything else.

    Raises:
        DemoRefused: the folder or the database holds something that is no demo.
        SampleRefused: too few accounts for the story.
    """
    csms_of(accounts, csms)
    _make_room(home, reset=reset)
    demo = Demo(as_of.isoformat(), now.isoformat(timespec="seconds"), accounts, seed, sign_ins(), _story())
    tell = progress or _say_nothing
    _write_mark(home, demo, is_made=False)
    _load(demo, home, as_of, now=now, csms=csms, tell=tell)
    record(SYSTEM, "demo.made", Thing("demo", str(seed), f"as of {as_of}"), at=now, rows=accounts)
    tell("Running the first weeks", LOADED)
    for day in week_series(as_of, FIRST_WEEKS):
        (first_run or _say_nothing_of)(day)
    _write_mark(home, demo, is_made=True)
    settings.EVENBOOK_DEMO = True
    tell("Done", 1.0)
    return demo


def _say_nothing_of(day: date) -> None:
    """Run no week."""


def _story() -> dict[str, str]:
    return {part.part: key_of(part.part) for part in CAST}


def _load(demo: Demo, home: Path, as_of: date, *, now: datetime, csms: int | None, tell: Progress) -> None:
    """Make the instance and put the company into it."""
    users = _make_instance(demo, now, tell)
    load(
        as_of=as_of,
        now=now,
        accounts=demo.accounts,
        csms=csms,
        seed=demo.seed,
        users=users,
        progress=_loading(tell),
        more=(OPENINGS,),
    )
    _import_duplicate(home, as_of, now=now, seed=demo.seed)
    write_sample(as_of)


def _import_duplicate(home: Path, as_of: date, *, now: datetime, seed: int) -> None:
    """Import the helpdesk's files as operations would: whose tickets they are is left to be answered."""
    by = viewer_by_mail(mail_of(OPERATIONS.name), surface=COMMAND)
    assert by is not None, "operations was added with the instance"
    with tempfile.TemporaryDirectory(prefix="evenbook-demo-") as folder:
        files, mapping = write_export(Path(folder) / "helpdesk", seed=seed, axis=Axis(as_of))
        import_files(files, by=by, now=now, home=home, mapping=mapping)


def _loading(tell: Progress) -> Callable[[float, int], None]:
    """Return what the load tells of itself, as a step of the whole."""

    def loading(share: float, rows: int) -> None:
        tell(f"Making the sample company: {rows:,} rows", MIGRATED + (LOADED - MIGRATED) * share)

    return loading


def _say_nothing(what: str, share: float) -> None:
    pass


def _make_instance(demo: Demo, now: datetime, tell: Progress) -> dict[str, int]:
    """Make the database, the first policy and the users, and return the users by mail address."""
    tell("Making the database", 0.0)
    call_command("migrate", verbosity=0, interactive=False)
    first_on = Axis(date.fromisoformat(demo.as_of)).first_on
    own = {"closures": {"start_on": first_on.isoformat()}, **EXPANSION_POLICY, **REVIEWS_POLICY}
    ensure_first(now, but=own)
    users = _add_users(demo, now)
    tell("Making the sample company", MIGRATED)
    return users


def _add_users(demo: Demo, now: datetime) -> dict[str, int]:
    team = {mail_of(member.name): member.team for member in SIGNS_IN}
    place_teams(SYSTEM, TEAMS[1:], under=TEAMS[0], now=now)
    return {
        who.mail: add_user(
            SYSTEM,
            mail=who.mail,
            name=who.name,
            role=who.role,
            now=now,
            password=who.password,
            team=team[who.mail],
        ).pk
        for who in demo.sign_ins
    }


def _make_room(home: Path, *, reset: bool) -> None:
    """Refuse where something else is; take away a demo that may go."""
    mark = _mark(home)
    _refuse_strangers(home)
    if mark is None:
        _refuse_used_database()
        return
    if not reset and (mark.get("is_made", True) or (_holds_customers() and not _is_the_samples_alone())):
        raise DemoRefused(
            f"There is a sample company in {home} already.",
            fix="Open it with `evenbook demo`, or make it anew with `evenbook demo --reset`.",
        )
    _throw_away(home)


def _refuse_strangers(home: Path) -> None:
    others = (
        sorted(each.name for each in home.iterdir() if each.name not in (*OURS, MARK))
        if home.is_dir()
        else []
    )
    if home.exists() and not home.is_dir():
        raise DemoRefused(
            f"{home} is a file, not a folder.", fix="Choose another folder: evenbook demo --home DIR."
        )
    if others:
        raise DemoRefused(
            f"{home} holds other things ({', '.join(others[:3])}{', …' if len(others) > 3 else ''}); "
            "a demo is made in an empty folder.",
            fix="Choose another folder: evenbook demo --home DIR.",
        )


def _holds_customers() -> bool:
    try:
        return not bulk.is_empty(TABLES)
    except DatabaseError:
        return False


def _is_the_samples_alone() -> bool:
    """Return whether nobody but the sample's people can have put anything in: its making was stopped."""
    try:
        known = {each.mail for each in known_users(READER)}
    except DatabaseError:
        return False
    return bool(known) and known <= {each.mail for each in sign_ins()}


def _refuse_used_database() -> None:
    try:
        has_people = has_users()
    except DatabaseError:
        has_people = False
    if has_people or _holds_customers():
        raise DemoRefused(
            "This instance holds people or customers of its own; a demo is made in an empty one.",
            fix="Choose another folder: evenbook demo --home DIR.",
        )


def _throw_away(home: Path) -> None:
    """Delete what the demo keeps in its folder. A database elsewhere is left to whoever made it."""
    if connection.vendor != "sqlite":
        raise DemoRefused(
            "This demo lives on PostgreSQL, where Evenbook deletes nothing by itself.",
            fix="Make an empty database, name it in EVENBOOK_DATABASE_URL, and choose another folder.",
        )
    connection.close()
    for name in (*OURS, MARK):
        place = home / name
        if name in ITS_OWN:
            continue
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)


def _mark(home: Path) -> dict[str, Any] | None:
    try:
        told = json.loads((home / MARK).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _write_mark(home: Path, demo: Demo, *, is_made: bool) -> None:
    home.mkdir(parents=True, exist_ok=True)
    told = {**asdict(demo), "is_made": is_made}
    (home / MARK).write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
