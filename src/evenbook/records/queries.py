"""What happened at accounts, for pages: meetings to come, and the moments of an account's history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from evenbook.book.access import may_see_of_others, narrowed, of_account
from evenbook.book.queries import Moment
from evenbook.people.viewer import Viewer
from evenbook.records.models import Artifact, Interaction, Opportunity, Score, Ticket

SCORES = {"nps": "NPS", "csat": "CSAT", "ces": "CES", "health": "Health score"}


@dataclass(frozen=True)
class Meeting:
    """A booked interaction to come."""

    at: datetime
    account_key: str
    account_name: str
    kind: str
    subject: str
    minutes: float | None
    person_name: str


@dataclass(frozen=True)
class Moments:
    """The newest moments of one kind of fact, and how many there are."""

    newest: tuple[Moment, ...]
    total: int


def meetings(
    viewer: Viewer, *, person_id: int, first: datetime, until: datetime, limit: int = 50
) -> tuple[Meeting, ...]:
    """Return what a person has booked from ``first`` up to ``until``, in order of time."""
    rows = narrowed(
        Interaction.objects.filter(
            person_id=person_id,
            status=Interaction.Status.BOOKED,
            known_until__isnull=True,
            happened_at__gte=first,
            happened_at__lt=until,
        ),
        viewer,
    )
    found = rows.select_related("account", "person").order_by("happened_at")[:limit]
    return tuple(
        Meeting(
            at=row.happened_at,
            account_key=row.account.key,
            account_name=row.account.name,
            kind=row.get_kind_display(),
            subject=row.subject,
            minutes=row.minutes,
            person_name=str(row.person or ""),
        )
        for row in found
    )


def next_booked(viewer: Viewer, account_id: int, *, after: datetime) -> Meeting | None:
    """Return an account's next booked interaction."""
    rows = _held(Interaction, viewer, account_id).filter(
        status=Interaction.Status.BOOKED, happened_at__gte=after
    )
    row = rows.select_related("account", "person").order_by("happened_at").first()
    if row is None:
        return None
    return Meeting(
        row.happened_at, row.account.key, row.account.name, row.get_kind_display(), row.subject, row.minutes,
        str(row.person or ""),
    )  # fmt: skip


def interaction_moments(viewer: Viewer, account_id: int, *, limit: int) -> Moments:
    """Return the newest interactions."""
    rows = _held(Interaction, viewer, account_id)
    return _moments(rows.select_related("person"), limit, _interaction)


def ticket_moments(viewer: Viewer, account_id: int, *, limit: int) -> Moments:
    """Return the newest tickets, by the day they were opened."""
    return _moments(_held(Ticket, viewer, account_id), limit, _ticket)


def artifact_moments(viewer: Viewer, account_id: int, *, limit: int) -> Moments:
    """Return the newest artifacts, by the day they were written; a title is the kind, for policy to say."""
    return _moments(_held(Artifact, viewer, account_id).select_related("author"), limit, _artifact)


def score_moments(viewer: Viewer, account_id: int, *, limit: int) -> Moments:
    """Return the newest scores from outside."""
    return _moments(_held(Score, viewer, account_id), limit, _score)


def opportunity_moments(viewer: Viewer, account_id: int, *, limit: int) -> Moments:
    """Return the newest opportunities, by the day they were opened."""
    return _moments(_held(Opportunity, viewer, account_id), limit, _opportunity)


def _held(model: Any, viewer: Viewer, account_id: int) -> QuerySet[Any]:
    return of_account(model.objects.filter(known_until__isnull=True), viewer, account_id)


def _moments(rows: QuerySet[Any], limit: int, say: Any) -> Moments:
    newest = rows.order_by("-happened_at", "-pk")[:limit]
    return Moments(tuple(map(say, newest)), rows.count())


def _interaction(row: Interaction) -> Moment:
    status = "" if row.status == Interaction.Status.COMPLETED else row.get_status_display().lower()
    minutes = f"{row.minutes:.0f} min" if row.minutes else ""
    by = f"by {row.person}" if row.person else ""
    detail = _joined(row.subject, minutes, by, status)
    return Moment(row.happened_at, "interaction", row.get_kind_display(), detail, row.assumed)


def _ticket(row: Ticket) -> Moment:
    solved = f"solved {_day(row.solved_at)}" if row.solved_at else "open"
    escalated = f"escalated {_day(row.escalated_at)}" if row.escalated_at else ""
    detail = _joined(row.subject, row.priority, escalated, solved)
    return Moment(row.happened_at, "ticket", f"Ticket {row.external_id}", detail, row.assumed)


def _artifact(row: Artifact) -> Moment:
    by = f"by {row.author}" if row.author else ""
    return Moment(row.happened_at, "artifact", row.kind, _joined(row.summary, by), row.assumed)


def _score(row: Score) -> Moment:
    title = f"{SCORES.get(row.kind, row.kind.replace('_', ' ').capitalize())} {row.value:.0f} of 100"
    least, _, most = row.scale.partition("-")
    scale = f"given as {row.raw} on a scale of {least} to {most}" if most and row.scale != "0-100" else ""
    turned = "" if row.high_is_good else "low is good there"
    return Moment(row.happened_at, "score", title, _joined(scale, turned), row.assumed)


def _opportunity(row: Opportunity) -> Moment:
    amount = f"{row.amount_cents / 100:,.0f} {row.currency}" if row.amount_cents is not None else ""
    won = f"won {_day(row.won_at)}" if row.won_at else ""
    lost = f"lost {_day(row.lost_at)}" if row.lost_at else ""
    detail = _joined(row.name, row.stage, amount, won, lost)
    return Moment(row.happened_at, "opportunity", "Opportunity", detail, row.assumed)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _day(at: datetime | None) -> str:
    return f"{at.day} {at:%b %Y}" if at else ""


def interactions_called(viewer: Viewer, events: Iterable[str]) -> dict[str, Moment]:
    """Return interactions by what they are called for ever, as their newest version has them."""
    return _called(Interaction.objects.select_related("person"), viewer, events, _interaction)


def tickets_called(viewer: Viewer, events: Iterable[str]) -> dict[str, Moment]:
    """Return tickets by what they are called for ever, as their newest version has them."""
    return _called(Ticket.objects.all(), viewer, events, _ticket)


def _called(rows: QuerySet[Any], viewer: Viewer, events: Iterable[str], say: Any) -> dict[str, Moment]:
    by_source: dict[str, list[str]] = {}
    for source, _, external_id in (event.partition(":") for event in events):
        by_source.setdefault(source, []).append(external_id)
    found: dict[str, Moment] = {}
    for source, ids in by_source.items():
        held = narrowed(rows.filter(source=source, external_id__in=ids, known_until__isnull=True), viewer)
        found.update({f"{source}:{row.external_id}": say(row) for row in held})
    return found


def last_answers(viewer: Viewer, account_id: int, kind: str) -> dict[str, Any]:
    """Return the fields of an account's last artifact of a kind; empty where there is none."""
    rows = _held(Artifact, viewer, account_id).filter(kind=kind).order_by("-happened_at", "-pk")
    found: dict[str, Any] = rows.values_list("fields", flat=True).first() or {}
    return found


def last_artifacts(
    viewer: Viewer, accounts: Iterable[int], kind: str
) -> dict[int, tuple[datetime, dict[str, Any]]]:
    """Return by account when its last artifact of a kind was written, and the fields."""
    rows = Artifact.objects.filter(known_until__isnull=True, kind=kind, account__in=list(accounts))
    told = (
        narrowed(rows, viewer).order_by("happened_at", "pk").values_list("account", "happened_at", "fields")
    )
    return {account: (at, fields or {}) for account, at, fields in told}


@dataclass(frozen=True)
class ArtifactTold:
    """An artifact as it was written."""

    at: datetime
    author: str
    answers: dict[str, Any]


def artifact_told(viewer: Viewer, artifact_id: int) -> ArtifactTold | None:
    """Return an artifact; of others' accounts it is open as policy leaves artifacts open."""
    rows = Artifact.objects.filter(pk=artifact_id)
    rows = rows if may_see_of_others(viewer, "artifacts") else narrowed(rows, viewer)
    row = rows.select_related("author").first()
    if row is None:
        return None
    answers = row.fields or ({"summary": row.summary} if row.summary else {})
    return ArtifactTold(row.happened_at, str(row.author or ""), answers)
