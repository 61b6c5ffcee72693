"""An invented team with a stored week, as pages read it: Amara leads Ben; Chidi is in another team;
Lena leads them all.

Only result tables are filled; what a weekly run would compute is written here by hand, so that
its parts add up: Ben's load is the effort of his accounts over his capacity.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from tests.pages.measured import AS_OF, keep_measures
from tests.pages.tiering import keep_tiers

from evenbook.book.models import (
    Account,
    AccountValue,
    Contact,
    Contract,
    Ownership,
    Person,
    Pool,
    PoolMember,
    RevenueMovement,
)
from evenbook.capacity.models import AccountWeek
from evenbook.closures.models import Requirement
from evenbook.hotsheet.models import HotRow
from evenbook.people.models import Team, User
from evenbook.records.models import Artifact, Interaction, Ticket
from evenbook.runs.models import Run
from evenbook.signals.models import Signal
from evenbook.states.models import Standing, Transition

NOW = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
LONG_AGO = datetime(2024, 3, 4, tzinfo=UTC)
PASSWORD = "sunny-orchard-42"
CAUSE = "Weekly users 64 → 31 in four weeks."
Owners = dict[int, tuple[Person | None, Pool | None]]
STATES = (
    ("healthy", "green", 92.0),
    ("declining", "yellow", 58.0),
    ("at_risk", "red", 31.0),
    ("adopting", "green", 80.0),
    ("silent", "yellow", 55.0),
    ("recovering", "yellow", 66.0),
)
NAMES = (
    "Northwind Foods",
    "Kestrel Bio",
    "Harbor Freight Lines",
    "Atelier Nord",
    "Brightwater",
    "Mirabel Clinics",
    "Orchard & Vale",
    "Sable Systems",
    "Solace Retail",
    "Tundra Rail",
    "Quillon Press",
    "Vermilion Labs",
)
BASE = {1: 8.0, 2: 2.4, 3: 0.6, 4: 0.05}


@dataclass
class Company:
    """What was made, by name."""

    run: Run
    users: dict[str, User]
    people: dict[str, Person]
    pool: Pool
    accounts: list[Account]

    def of(self, name: str) -> list[Account]:
        """Return the accounts a person owns."""
        owned = Ownership.objects.filter(person=self.people[name]).values("account")
        return list(Account.objects.filter(pk__in=owned).order_by("pk"))


def known(at: datetime = LONG_AGO) -> dict[str, Any]:
    """Return the dates of a fact that was known when it happened."""
    return {"happened_at": at, "known_at": at}


def version(number: object, at: datetime = LONG_AGO) -> dict[str, Any]:
    """Return the columns of a record's only version."""
    return {**known(at), "source": "sample", "external_id": str(number), "fingerprint": "x"}


def build(accounts: int = 24) -> Company:
    """Make the team, its accounts and the stored week of 9 March 2026."""
    users, people = _people()
    pool = Pool.objects.create(key="digital", name="Digital", lead=people["chidi"])
    PoolMember.objects.create(pool=pool, person=people["chidi"], since_on=date(2024, 1, 1))
    run = Run.objects.create(
        kind="week", as_of=AS_OF, policy_version=1, started_at=NOW, ended_at=NOW, by="sample", fingerprint="f"
    )
    made = _accounts(accounts)
    owners = _own(made, people, pool)
    _weeks(run, made, owners)
    _results(run, made, owners)
    _revenue(made)
    _history(made[:6], people)
    keep_measures(run, people)
    keep_tiers(run, made)
    return Company(run, users, people, pool, made)


def _people() -> tuple[dict[str, User], dict[str, Person]]:
    roles = {
        "amara": ("Amara Okafor", "leader", "North"),
        "lena": ("Lena Sorel", "leader", ""),
        "ben": ("Ben Adler", "csm", "North"),
        "chidi": ("Chidi Eze", "csm", "South"),
        "olu": ("Olu Danjuma", "operations", ""),
        "edda": ("Edda Lind", "executive", ""),
        "rea": ("Rea Novak", "reader", ""),
    }
    hashed = make_password(PASSWORD)
    teams = {name: Team.objects.create(name=name) for name in ("North", "South")}
    users, people = {}, {}
    for key, (name, role, team) in roles.items():
        mail = f"{key}@example.com"
        users[key] = User.objects.create(
            mail=mail, name=name, role=role, joined_at=LONG_AGO, password=hashed, team=teams.get(team)
        )
        if team:
            people[key] = Person.objects.create(
                key=key,
                name=name,
                mail=mail,
                user=users[key],
                role=role,
                team=team,
                started_on=date(2023, 1, 9),
            )
    return users, people


def _accounts(count: int) -> list[Account]:
    def name(number: int) -> str:
        return NAMES[number] if number < len(NAMES) else f"Invented Company {number:05d}"

    return Account.objects.bulk_create(
        Account(
            key=f"a-{number:05d}",
            name=name(number),
            matched_name=name(number).lower(),
            domain=f"account{number}.example",
            started_at=LONG_AGO,
            known_at=LONG_AGO,
        )
        for number in range(count)
    )


def _own(accounts: list[Account], people: dict[str, Person], pool: Pool) -> Owners:
    """Every second account is Ben's, of the rest one in four is the pool's and the others are Chidi's."""
    owners: Owners = {}
    for number, account in enumerate(accounts):
        in_pool = number % 8 == 7
        person = None if in_pool else people["ben" if number % 2 == 0 else "chidi"]
        owners[account.pk] = (person, pool if in_pool else None)
    Ownership.objects.bulk_create(
        Ownership(account_id=pk, person=person, pool=queue, source="sample", **known())
        for pk, (person, queue) in owners.items()
    )
    return owners


def tier_of(number: int) -> int:
    """Return the tier of an account by its number."""
    return 1 + number % 4 if number % 8 != 7 else 4


def arr_of(number: int) -> int:
    """Return the revenue of an account by its number, in cents."""
    return (310_000 - 7_000 * (number % 40)) * 100


def known_arr_of(number: int) -> int | None:
    """Return the revenue of an account where it is known: that of one in eleven is not."""
    return None if number % 11 == 10 else arr_of(number)


def _factors(number: int) -> list[dict[str, Any]]:
    stage, times = (("adoption", 1.1), ("renewal", 1.3))[number % 2]
    return [{"factor": "stage", "level": stage, "multiplier": times, "cause": f"in {stage}"}]


def effort_of(number: int) -> float:
    """Return the effort of an account by its number, in hours a month."""
    (stage,) = _factors(number)
    return float(BASE[tier_of(number)] * stage["multiplier"])


def _weeks(run: Run, accounts: list[Account], owners: Owners) -> None:
    AccountWeek.objects.bulk_create(
        AccountWeek(
            run=run,
            account=account,
            person=owners[account.pk][0],
            pool=owners[account.pk][1],
            tier=tier_of(number),
            tier_assumed=number % 5 == 0,
            segment=("Enterprise", "Mid-Market")[number % 2],
            stage=_factors(number)[0]["level"],
            region="EU",
            arr_cents=known_arr_of(number),
            renews_on=AS_OF + timedelta(days=10 + 13 * (number % 25)),
            effort_hours=effort_of(number),
            factors=_factors(number),
            last_meaningful_at=NOW - timedelta(days=3 + 4 * (number % 15)),
            is_unmonitored=(3 + 4 * (number % 15)) > 30,
        )
        for number, account in enumerate(accounts)
    )


def _results(run: Run, accounts: list[Account], owners: Owners) -> None:
    _standings(run, accounts)
    _signals(run, [each for each in enumerate(accounts) if each[0] % 6 in {1, 2} and each[0] < 60])
    needs = [need for number, account in enumerate(accounts) for need in _needs(run, account, number)]
    Requirement.objects.bulk_create(needs)
    hot = [(number, account) for number, account in enumerate(accounts) if number % 8 == 2]
    HotRow.objects.bulk_create(
        _hot(run, account, number, owners=owners, rank=rank)
        for rank, (number, account) in enumerate(hot, start=1)
    )


def _since(number: int) -> date:
    return AS_OF - timedelta(days=3 + number % 60)


def _standings(run: Run, accounts: list[Account]) -> None:
    made = []
    for number, account in enumerate(accounts):
        state, color, score = STATES[number % len(STATES)]
        terms = [
            {"term": "usage", "points": 100 - score - 3, "text": CAUSE},
            {"term": "contact", "points": 3, "text": "Last contact 31 days ago."},
        ]
        made.append(
            Standing(
                run=run,
                account=account,
                state=state,
                since_on=_since(number),
                score=score,
                color=color,
                terms=terms,
            )
        )
    Standing.objects.bulk_create(made)


def _signals(run: Run, chosen: list[tuple[int, Account]]) -> None:
    Transition.objects.bulk_create(
        Transition(
            run=run,
            account=account,
            on=AS_OF - timedelta(days=number % 9),
            from_state="healthy",
            to_state=STATES[number % len(STATES)][0],
            causes=[CAUSE],
            policy_version=1,
        )
        for number, account in chosen
    )
    Signal.objects.bulk_create(
        Signal(
            run=run,
            account=account,
            kind="usage_drop",
            observed_at=NOW,
            detected_on=_since(number),
            strength=2.5,
            evidence={"text": CAUSE, "before": 64, "after": 31},
        )
        for number, account in chosen
    )


def _needs(run: Run, account: Account, number: int) -> list[Requirement]:
    def need(kind: str, status: str, days: int) -> Requirement:
        return Requirement(
            run=run, account=account, kind=kind, status=status, on=AS_OF + timedelta(days=days)
        )

    if tier_of(number) == 4:
        return [need("silence_record", "current", 40)]
    return [
        need("check_in_note", "expired" if number % 5 == 1 else "current", -7 if number % 5 == 1 else 30),
        need("health_review_log", "current", 9),
        need(
            "renewal_risk_brief",
            "missing" if number % 7 == 1 else "not_yet_due",
            -3 if number % 7 == 1 else 60,
        ),
    ]


def _hot(
    run: Run,
    account: Account,
    number: int,
    *,
    owners: Owners,
    rank: int,
) -> HotRow:
    reasons = [
        {"signal": "usage", "points": 34.5, "text": "Weekly users 64 → 31 in four weeks."},
        {"signal": "renewal", "points": 12.0, "text": "Renews in 44 days."},
    ]
    person, pool = owners[account.pk]
    return HotRow(
        run=run,
        account=account,
        person=person,
        pool=pool,
        rank=rank,
        points=46.5,
        arr_cents=known_arr_of(number),
        expected_cents=round(known_arr_of(number) * 0.465) if known_arr_of(number) else None,
        reasons=reasons,
        play="Call the champion.",
        change="New on the sheet.",
    )


def _revenue(accounts: list[Account]) -> None:
    """Half of each account's revenue came new, half as an expansion; one in eleven is of unknown revenue."""
    RevenueMovement.objects.bulk_create(
        RevenueMovement(
            account=account, kind=kind, change_cents=cents, currency="USD", source="sample", **known(at)
        )
        for number, account in enumerate(accounts)
        if number % 11 != 10
        for kind, cents, at in (
            ("new", arr_of(number) // 2, LONG_AGO),
            ("expansion", arr_of(number) - arr_of(number) // 2, datetime(2025, 6, 2, tzinfo=UTC)),
        )
    )


def _history(accounts: list[Account], people: dict[str, Person]) -> None:
    numbered = list(enumerate(accounts))
    AccountValue.objects.bulk_create(
        AccountValue(account=account, name="tier", value="1", source="sample", **known())
        for _, account in numbered
    )
    Contact.objects.bulk_create(
        Contact(account=account, name="A. Rao", title="Head of data", is_champion=True, **version(number))
        for number, account in numbered
    )
    Contract.objects.bulk_create(
        Contract(
            account=account,
            product="Suite",
            currency="USD",
            arr_cents=arr_of(number),
            starts_on=date(2025, 6, 2),
            ends_on=date(2026, 6, 1),
            renews_on=date(2026, 6, 1),
            seats=120,
            **version(number),
        )
        for number, account in numbered
    )
    Ticket.objects.bulk_create(
        Ticket(account=account, subject="Export is slow", priority="high", **version(number, NOW))
        for number, account in numbered
    )
    Artifact.objects.bulk_create(
        Artifact(
            account=account,
            kind="check_in_note",
            author=people["ben"],
            summary="Rollout moved.",
            **version(number),
        )
        for number, account in numbered
    )
    _calls(numbered, people["ben"])


def _calls(numbered: list[tuple[int, Account]], person: Person) -> None:
    Interaction.objects.bulk_create(
        Interaction(
            account=account,
            person=person,
            kind="call",
            status="completed",
            minutes=40,
            subject="Check-in",
            customer_present=True,
            **version(f"{number}-{call}", NOW - timedelta(days=7 * call + 2)),
        )
        for number, account in numbered
        for call in range(60 if number == 0 else 3)
    )


def book_meeting(account: Account, person: Person, *, at: datetime) -> Interaction:
    """Book a meeting."""
    return Interaction.objects.create(
        account=account,
        person=person,
        kind="meeting",
        status="booked",
        minutes=30,
        subject="Review of goals",
        customer_present=True,
        **{**version(f"m-{account.pk}", at), "known_at": LONG_AGO},
    )
