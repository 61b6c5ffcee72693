"""Why an account stands where it stands: the chain from its owner to the last facts.

What ``evenbook why`` prints, as of one day and under one version of the policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evenbook.book.lookup import Called, NoSuchAccount, called
from evenbook.book.queries import AccountFacts, NamedAccount, account
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.desk.queries.account import AccountPage, account_page
from evenbook.hotsheet.queries import OfWhom, SheetRow, sheet_totals
from evenbook.hotsheet.queries.work import Work
from evenbook.people.viewer import Viewer
from evenbook.policy.queries import in_force, latest
from evenbook.policy.schema import Policy
from evenbook.signals.numbers import SignalsNumbers
from evenbook.site.replay import Replayed, day_of, week_of
from evenbook.sources.numbers import SourcesNumbers
from evenbook.sources.values import match_name, parse_domain
from evenbook.states.queries import Change, Stands, history
from evenbook.tiers.numbers import TiersNumbers

if TYPE_CHECKING:
    from evenbook.site.facts import Fact

FULL_SCORE = 100.0
FACTS_SHOWN = 12


@dataclass(frozen=True)
class Chain:
    """All that is said of an account as of a day; ``on_sheet`` is the length of the hot sheet."""

    page: AccountPage
    as_of: date
    policy_version: int
    policy: Policy
    currency: str
    changes: tuple[Change, ...]
    facts: tuple[Fact, ...]
    on_sheet: int


def who(viewer: Viewer, text: str) -> Called:
    """Return which account ``text`` names, or the candidates.

    Raises:
        NoSuchAccount: none that the viewer may open.
    """
    domain = parse_domain(text)
    found = called(
        viewer,
        text,
        matched=match_name(text) or "",
        domain=domain if isinstance(domain, str) else "",
        likeness=latest().policy.of(SourcesNumbers).similar_name_share,
    )
    if found.account is None and not found.candidates:
        raise NoSuchAccount(
            f"No account that you may open is called '{text.strip()[:80]}'.",
            fix="Give its key, an id of the source it came from, its domain or its exact name.",
        )
    return found


def why(
    viewer: Viewer, named: NamedAccount, asked: date | None, *, today: date, now: datetime, home: Path
) -> Chain:
    """Return the chain of an account, as of the day asked for, else of the newest week.

    Raises:
        NoSuchAccount: it is not the viewer's to open.
    """
    from evenbook.site.facts import last_facts

    facts = account(viewer, named.key)
    if facts is None:
        raise NoSuchAccount(f"You may not open {named.name}.", fix="Ask its owner, or a leader.")
    day = day_of(viewer, asked, today=today)
    newest = last_facts(facts.id, day, policy=in_force(day).policy, home=home, limit=FACTS_SHOWN)
    with week_of(viewer, asked, today=today, now=now, home=home) as found:
        return _chain(viewer, facts, found, newest, now=now)


def _chain(
    viewer: Viewer, facts: AccountFacts, found: Replayed, newest: tuple[Fact, ...], *, now: datetime
) -> Chain:
    week = found.week
    page = account_page(viewer, facts, week, now=now)
    day = week.run.as_of
    return Chain(
        page=page,
        as_of=day,
        policy_version=week.run.policy_version,
        policy=week.policy,
        currency=week.currency,
        changes=history(viewer, facts.id, until=day, run_id=None if found.is_stored else week.run.id),
        facts=newest,
        on_sheet=sheet_totals(viewer, week.run.id, of=OfWhom()).rows,
    )


def document(chain: Chain) -> dict[str, Any]:
    """Return the chain as ``why --json`` prints it."""
    page, row = chain.page, chain.page.row
    return {
        "account": page.facts.key,
        "account_name": page.facts.name,
        "domain": page.facts.domain or None,
        "as_of": chain.as_of.isoformat(),
        "policy_version": chain.policy_version,
        "owner": (row.owner_key or None) if row else None,
        "owner_name": (row.owner_name or None) if row else None,
        "tier": row.tier if row else None,
        "tier_name": tier_name(chain),
        "tier_assumed": row.tier_assumed if row else None,
        "segment": (row.segment or None) if row else None,
        "stage": row.stage if row else None,
        "region": (row.region or None) if row else None,
        "arr": major(row.arr_cents) if row else None,
        "currency": chain.currency,
        "renews_on": _iso(row.renews_on) if row else None,
        "state": _state(page.stands, chain.changes) if page.stands else None,
        "score": _score(page.stands) if page.stands else None,
        "effort": _effort(chain),
        "coverage": _coverage(chain),
        "hotsheet": sheet_row(page.hot) | {"of": chain.on_sheet} if page.hot else None,
        "signals": _signals(chain),
        "facts": [
            {"on": fact.happened_at.date().isoformat(), "kind": fact.kind, "text": fact.text}
            for fact in chain.facts
        ],
    }


def sheet_row(row: SheetRow) -> dict[str, Any]:
    """Return a row of the hot sheet as programs get it."""
    return {
        "rank": row.rank,
        "account": row.account_key,
        "account_name": row.account_name,
        "owner_name": row.owner_name or None,
        "arr": major(row.arr_cents),
        "expected_arr_at_risk": major(row.expected_cents),
        "points": round(row.points, 1),
        "reasons": [
            {"signal": each.signal, "points": round(each.points, 1), "text": each.text}
            for each in row.reasons
        ],
        "play": row.play or None,
        "change": row.change or None,
    }


def sheet_work(row: SheetRow, work: Work | None) -> dict[str, Any]:
    """Return where the work on a row stands, and why its person can't work it in the week, if so."""
    return {
        "work": work.state if work else None,
        "on_the_sheet_since": work.began_on.isoformat() if work else None,
        "first_action_by": work.due_on.isoformat() if work else None,
        "first_action_on": work.acted_on.isoformat() if work and work.acted_on else None,
        "overflow": row.overflow_said or None,
    }


def major(cents: int | None) -> float | None:
    """Return money in major units."""
    return None if cents is None else cents / 100


def tier_name(chain: Chain) -> str | None:
    """Return what the policy calls the account's tier."""
    row = chain.page.row
    titles = {each.tier: each.title for each in chain.policy.of(TiersNumbers).tiers}
    return titles.get(row.tier) if row else None


def requirement_names(policy: Policy) -> dict[str, str]:
    """Return what the policy calls each kind of artifact."""
    return {each.kind: each.title for each in policy.of(ClosuresNumbers).kinds}


def _state(stands: Stands, changes: tuple[Change, ...]) -> dict[str, Any]:
    return {
        "state": stands.state,
        "since_on": _iso(stands.since_on),
        "color": stands.color,
        "transitions": [
            {
                "on": change.on.isoformat(),
                "from_state": change.from_state or None,
                "to_state": change.to_state,
                "causes": list(change.causes),
                "policy_version": change.policy_version,
            }
            for change in changes
        ],
    }


def _score(stands: Stands) -> dict[str, Any]:
    return {
        "value": None if stands.score is None else round(stands.score, 1),
        "start": FULL_SCORE,
        "terms": [{"term": each.term, "points": -each.points, "text": each.text} for each in stands.terms],
    }


def _effort(chain: Chain) -> dict[str, Any] | None:
    """Return the effort with its parts: the tier's base, each factor, and what cap and centering leave."""
    row = chain.page.row
    if row is None or row.effort_hours is None:
        return None
    base = {each.tier: each.hours for each in chain.policy.of(CapacityNumbers).base_hours}[row.tier]
    factors = [each for each in chain.page.factors if each.factor != "base"]
    product = base * prod(each.multiplier for each in factors)
    return {
        "hours": round(row.effort_hours, 2),
        "base_hours": base,
        "factors": [
            {
                "factor": each.factor,
                "level": each.level,
                "multiplier": each.multiplier,
                "cause": each.cause or None,
            }
            for each in factors
        ],
        "cap_and_centering": round(row.effort_hours / product, 4) if product else None,
        "roles": [
            {
                "role": each.role,
                "role_name": each.title,
                "holder": each.holder_key,
                "holder_name": each.name,
                "works": each.works,
                "hours": round(each.hours, 2),
            }
            for each in chain.page.roles
        ],
    }


def _coverage(chain: Chain) -> list[dict[str, Any]]:
    names = requirement_names(chain.policy)
    return [
        {
            "requirement": need.kind,
            "requirement_name": names.get(need.kind, need.kind),
            "status": need.status,
            "on": _iso(need.on),
        }
        for need in chain.page.needs
    ]


def _signals(chain: Chain) -> list[dict[str, Any]]:
    names = {each.kind: each.title for each in chain.policy.of(SignalsNumbers).kinds}
    return [
        {
            "signal": each.kind,
            "signal_name": names.get(each.kind, each.kind),
            "observed_on": each.observed_at.date().isoformat(),
            "detected_on": each.detected_on.isoformat(),
            "strength": round(each.strength, 3),
            "text": each.text,
        }
        for each in chain.page.signals
    ]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
