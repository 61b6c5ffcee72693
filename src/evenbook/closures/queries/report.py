"""The weekly audit as far as a viewer may see it: counts by tier, what became of loops, who lacks what."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from datetime import UTC, datetime, timedelta

from evenbook.book.access import may_see_of_others
from evenbook.book.queries import pools, staff
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.queries.basis import Basis, Seen, basis
from evenbook.closures.queries.diagnoses import decided_counts
from evenbook.closures.queries.gaps import EVERYBODY
from evenbook.closures.queries.requirements import GAPS
from evenbook.closures.rules.diagnosis import DIAGNOSES
from evenbook.closures.rules.report import Became, Group, Report, TierCount, Written, judged, written
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week

EVER = datetime(1970, 1, 1, tzinfo=UTC)


def report(viewer: Viewer, week: Week, *, whose: str = "") -> Report:
    """Return the audit of a week, counted by who owned an account or owed a loop in that week.

    Args:
        viewer: who asks.
        week: the stored week.
        whose: ``all`` for everybody's, as far as policy leaves coverage open; else of those one may see.
    """
    found, seen = basis(viewer, week), Seen(viewer)
    is_whole = whose == EVERYBODY and may_see_of_others(viewer, "coverage")
    numbers = week.policy.of(ClosuresNumbers)
    since = week.ends_at - timedelta(days=7)
    return Report(
        as_of=week.run.as_of,
        policy_version=week.run.policy_version,
        tiers=_tiers(found, seen, is_whole=is_whole),
        became=_became(found, seen, is_whole=is_whole),
        groups=_groups(viewer, found, seen, is_whole=is_whole),
        written=_written(found, numbers),
        this_week=judged(decided_counts(viewer, since=since, until=week.ends_at), DIAGNOSES),
        ever=judged(decided_counts(viewer, since=EVER), DIAGNOSES),
        writing_minutes=numbers.writing_minutes,
    )


def _tiers(found: Basis, seen: Seen, *, is_whole: bool) -> tuple[TierCount, ...]:
    counts: Counter[tuple[int, str]] = Counter()
    for row in found.tallies:
        if is_whole or seen.has(row):
            counts[row.tier, row.status] += row.accounts
    statuses = ("current", "missing", "expired", "not_yet_due")
    tiers = sorted({tier for tier, _ in counts})
    return tuple(TierCount(tier, *(counts[tier, status] for status in statuses)) for tier in tiers)


def _became(found: Basis, seen: Seen, *, is_whole: bool) -> Became:
    names = [each.name for each in fields(Became)]
    rows = [row for row in found.became if is_whole or seen.has(row)]
    return Became(**{name: sum(getattr(row, name) for row in rows) for name in names})


def _groups(viewer: Viewer, found: Basis, seen: Seen, *, is_whole: bool) -> tuple[Group, ...]:
    people = {each.id: (each.key, each.name) for each in staff(viewer)}
    queues = {each.id: (f"pool:{each.key}", each.title) for each in pools(viewer)}
    counts: Counter[tuple[str, str, str]] = Counter()
    for row in found.tallies:
        if row.status in GAPS and (is_whole or seen.has(row)):
            owner = people.get(row.person or 0) or queues.get(row.pool or 0) or ("nobody", "Nobody")
            counts[*owner, row.kind] += row.accounts
    groups = [Group(*group, count) for group, count in counts.items()]
    return tuple(sorted(groups, key=lambda each: (each.owner_name.casefold(), each.owner_key, each.kind)))


def _written(found: Basis, numbers: ClosuresNumbers) -> tuple[Written, ...]:
    rows = (
        written(
            row.kind,
            seconds=row.seconds,
            artifacts=row.artifacts,
            most_minutes=numbers.writing_minutes,
            least=numbers.writing_least,
        )
        for row in found.wrote
    )
    return tuple(sorted(rows, key=lambda each: -each.minutes))
