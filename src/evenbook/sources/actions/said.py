"""What an account's row says of it today: attributes and scores."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from evenbook.book.rules.versions import Fact
from evenbook.sources.actions.landers import Landing
from evenbook.sources.rules import matches
from evenbook.sources.rules.rows import Held, Record, Refusal, fingerprint
from evenbook.sources.rules.vocabulary import CUSTOMER, SEGMENT, STAGE, TIER, named, told

PLAIN = ("region", "industry", "plan", "products")
COUNTS = ("complexity", "seats", "integrations", "use_cases")
FLAGS = ("regulated", "strategic")
SCORES = ("health", "risk", "nps", "csat", "sentiment")


@dataclass(frozen=True, slots=True)
class Attribute:
    """A value of an account; ``at`` where its own date is known."""

    name: str
    value: str
    at: datetime | None = None


def attributes(record: Record, landing: Landing) -> list[Attribute] | Held | Refusal:
    """Return what a row says of an account, or what to wait for."""
    found: list[Attribute] = []
    for name in ("tier", "stage"):
        value = word(record, name, landing)
        if isinstance(value, Held):
            return value
        if value:
            found.append(Attribute(name, value))
    if record.text("segment"):
        found.append(Attribute("segment", named(record.text("segment"), SEGMENT) or record.text("segment")))
    found.extend(Attribute(name, record.text(name)) for name in PLAIN if record.text(name))
    found.extend(Attribute(name, record.text(name)) for name in COUNTS if record.text(name))
    found.extend(
        Attribute(name, "yes" if record.get(name) else "no") for name in FLAGS if record.get(name) is not None
    )
    found.extend(_status(record))
    return _counted(found)


def word(record: Record, name: str, landing: Landing) -> str | Held:
    """Return what a tier or stage stands for, "" where it stands for none of ours."""
    said = record.text(name)
    if not said:
        return ""
    value = named(said, TIER) if name == "tier" else told(said, STAGE)
    if value:
        return value
    ask = matches.tier if name == "tier" else matches.stage
    question = ask(landing.report.file, landing.column(name), said, landing.source)
    answer = landing.loading.questions.ask(question)
    if answer is None:
        return Held(question.id)
    if answer == matches.KEEP:
        record.custom[name] = said
        return ""
    return answer


def _status(record: Record) -> list[Attribute]:
    """Return whether the account is a customer still: with a date a fact of that day, else of today."""
    churned_at = record.instant("churned_at")
    if churned_at is not None and record.get("is_churned") is not False:
        return [Attribute("status", "churned", churned_at)]
    for name, churned in (("is_churned", True), ("is_active", False)):
        if record.get(name) is not None:
            return [Attribute("status", "churned" if record.get(name) is churned else "active")]
    said = record.text("status")
    return [Attribute("status", told(said, CUSTOMER) or said.lower())] if said else []


def _counted(found: list[Attribute]) -> list[Attribute]:
    """Turn a list of products into how many there are; rules count them."""
    return [
        Attribute(each.name, str(len(_parts(each.value))), each.at)
        if each.name == "products" and not each.value.strip().isdigit()
        else each
        for each in found
    ]


def _parts(text: str) -> list[str]:
    for mark in (";", ",", "|", "/"):
        if mark in text:
            return [part for part in text.split(mark) if part.strip()]
    return [text]


def scores(record: Record, account: int, named_as: tuple[str, str], *, now: datetime) -> list[Fact]:
    """Return the scores of an account that a row shows today; known from when it was last changed."""
    source, external_id = named_as
    at = min(record.instant("modified_at") or now, now)
    return [
        score(
            account,
            kind,
            record.values[kind],
            named_as=(source, f"account:{external_id}:{kind}"),
            at=at,
            known_at=at,
        )
        for kind in SCORES
        if isinstance(record.get(kind), float)
    ]


def score(
    account: int,
    kind: str,
    value: float,
    *,
    named_as: tuple[str, str],
    at: datetime,
    known_at: datetime | None,
) -> Fact:
    """Return the fact of a score, 0 to 100 where high is good."""
    values = {
        "account_id": account,
        "kind": kind,
        "value": value,
        "raw": f"{value:g}",
        "scale": "0-100",
        "high_is_good": True,
    }
    source, external_id = named_as
    return Fact(source, external_id[:200], values, at, known_at, None, fingerprint(Record(0, values)))
