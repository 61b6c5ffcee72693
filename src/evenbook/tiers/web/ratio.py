"""The ratio check as the page shows it: each segment and owner against its range, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evenbook.kit.keys import slug
from evenbook.screens.places import address
from evenbook.screens.sentences import Figure
from evenbook.screens.shown import brief, plural
from evenbook.tiers.queries.shares import OwnerCheck, Ratio
from evenbook.tiers.rules.ratio import ABOVE, BELOW, INSIDE, UNKNOWN, Check, Limits, Verdict

TONES = {INSIDE: "good", ABOVE: "bad", BELOW: "warn", UNKNOWN: "quiet"}


@dataclass(frozen=True)
class Judged:
    """An amount against its range: the range and the verdict in words, and how it is colored."""

    amount: str
    range: str
    said: str
    tone: str
    by: str = ""


@dataclass(frozen=True)
class SegmentLine:
    """A segment of the check; ``of`` names its folds, ``factors`` are in words."""

    name: str
    of: str
    check: Check
    accounts: Judged
    arr: Judged
    factors: str


@dataclass(frozen=True)
class OwnerLine:
    """An owner of the check; ``parts`` are what they hold of each segment, ``opens`` lists their accounts."""

    name: str
    check: Check
    held: Figure
    held_arr: Figure
    accounts: Judged
    arr: Judged
    parts: tuple[tuple[str, str, int], ...]
    note: str


def segment_lines(found: Ratio) -> Iterator[SegmentLine]:
    """Yield the segments' lines."""
    for check, limit in found.segments:
        yield SegmentLine(
            check.subject,
            _fold(check.subject),
            check,
            _judged(check.accounts),
            _judged(check.arr_cents, is_money=True),
            _factors(limit),
        )


def owner_lines(found: Ratio, *, currency: str, as_of: str) -> Iterator[OwnerLine]:
    """Yield the owners' lines, each with a link to the accounts."""
    for each in found.owners:
        owner = f"pool:{each.key}" if each.is_pool else each.key
        href = f"{address('accounts')}?owner={owner}&as_of={as_of}"
        check = each.check
        yield OwnerLine(
            each.name,
            check,
            Figure("accounts", check.held, "count", href),
            Figure("arr", check.held_cents, "money", href, currency=currency),
            _judged(check.accounts),
            _judged(check.arr_cents, is_money=True),
            tuple(
                (row.segment or "no segment", _fold(row.segment), row.accounts)
                for row in found.held
                if row.owner == check.subject
            ),
            _note(each),
        )


def _judged(verdict: Verdict, *, is_money: bool = False) -> Judged:
    def say(amount: float) -> str:
        return brief(amount / 100 if is_money else amount)

    if verdict.state == UNKNOWN:
        return Judged("–", "", "no range", TONES[UNKNOWN])
    between = f"{say(verdict.least)} to {say(verdict.most)}"
    by = f"by {say(verdict.by)}" if verdict.by else ""
    return Judged(say(verdict.value), between, verdict.state, TONES[verdict.state], by)


def _factors(limit: Limits) -> str:
    if not limit.factors:
        return "no factor holds"
    return "; ".join(f"{name} {share:+.0%}" for name, share in limit.factors)


def _note(each: OwnerCheck) -> str:
    said = []
    if each.is_pool:
        people = round(each.check.people)
        said.append(f"a pool of {people} {plural(people, 'person', 'people')}, for each of them")
    if each.check.unplaced:
        said.append(f"{each.check.unplaced} in segments without a range")
    return "; ".join(said)


def _fold(segment: str) -> str:
    return f"of-{slug(segment or 'none')}"
