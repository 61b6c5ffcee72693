"""What happened at accounts, for pages: meetings to come, and the moments of an account's history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from evenbook.book.access import Opened, may_see_of_others, narrowed, of_account
from evenbook.book.among import Among
from evenbook.book.queries import Moment
from evenbook.kit.keys import storable
from evenbook.people.viewer import Viewer
from evenbook.records.models import HERE, Artifact, Interaction, Opportunity, Score, Ticket

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


@dataclass(frozen=True)
class Booked:
    """A booked interaction by its name for ever; ``revision`` counts how often it was changed."""

    called: str
    revision: int
    at: datetime
    account_key: str
    account_name: str
    kind: str
    subject: str
    minutes: float | None


def booked(
    viewer: Viewer, person_id: int, *, first: datetime, until: datetime, limit: int
) -> tuple[Booked, ...]:
    """Return what a person has booked from ``first`` up to ``until``, each with how often it was changed."""
    held = Interaction.objects.filter(person_id=person_id, status=Interaction.Status.BOOKED)
    in_time = held.filter(known_until__isnull=True, happened_at__gte=first, happened_at__lt=until)
    rows = list(narrowed(in_time, viewer).select_related("account").order_by("happened_at", "pk")[:limit])
    versions = _versions(Interaction, [row.external_id for row in rows])
    return tuple(
        Booked(
            f"{row.source}-{row.external_id}", versions[row.source, row.external_id] - 1, row.happened_at,
            row.account.key, row.account.name, row.get_kind_display(), row.subject, row.minutes,
        )
        for row in rows
    )  # fmt: skip


def _versions(model: Any, names: list[str]) -> dict[tuple[str, str], int]:
    """Return how many versions each record of these names has, by source and name."""
    rows = model.objects.filter(external_id__in=names).order_by().values_list("source", "external_id")
    return {(source, name): count for source, name, count in rows.annotate(Count("pk"))}


def next_booked(viewer: Viewer, account_id: int, *, after: datetime) -> Meeting | None:
    """Return an account's next booked interaction."""
    rows = _held(Interaction, viewer, account_id).filter(
        status=Interaction.Status.BOOKED, happened_at__gte=after
    )
    row = rows.select_related("account", "person").order_by("happened_at").first()
    return _meeting(row) if row is not None else None


@dataclass(frozen=True)
class Issue:
    """An escalated ticket: something wrong at an account that is settled outside the CS team.

    ``event`` is what the record is called for ever. Of one that a person opened here, ``opened_by`` and
    ``note`` are what they said, ``resolved_by`` and ``resolution`` how it ended; of others they are empty.
    """

    event: str
    account_id: int
    account_key: str
    account_name: str
    cause: str
    severity: str
    escalated_at: datetime
    solved_at: datetime | None
    source: str
    is_by_hand: bool
    opened_by: str
    note: str
    resolved_by: str
    resolution: str


def open_issues(viewer: Viewer, account_id: int) -> tuple[Issue, ...]:
    """Return the escalated tickets of an account that are not solved, the oldest escalation first."""
    rows = _held(Ticket, viewer, account_id).filter(escalated_at__isnull=False, solved_at=None)
    rows = rows.select_related("account__merged_into").order_by("escalated_at", "pk")
    return tuple(_issue(row) for row in rows)


def escalated(viewer: Viewer, *, before: datetime) -> frozenset[int]:
    """Return the accounts with an escalation that was open, and known of, before an instant; ids alone."""
    rows = Ticket.objects.filter(escalated_at__lt=before, known_at__lt=before)
    rows = rows.filter(Q(known_until=None) | Q(known_until__gte=before))
    rows = rows.filter(Q(solved_at=None) | Q(solved_at__gte=before))
    found = rows.values_list("account_id", "account__merged_into")
    return frozenset(into or account for account, into in found)


def all_open_issues(viewer: Viewer, *, limit: int) -> tuple[Issue, ...]:
    """Return the unsolved escalated tickets of accounts that the viewer may open, the newest first."""
    rows = Ticket.objects.filter(escalated_at__isnull=False, solved_at=None, known_until__isnull=True)
    rows = narrowed(rows, viewer).select_related("account__merged_into").order_by("-escalated_at", "pk")
    return tuple(_issue(row) for row in rows[:limit])


def issue_called(viewer: Viewer, event: str) -> Issue | None:
    """Return an escalated ticket by what it is called for ever, solved or not."""
    source, _, external_id = storable(event).partition(":")
    rows = Ticket.objects.filter(source=source, external_id=external_id, known_until__isnull=True)
    row = narrowed(rows.exclude(escalated_at=None), viewer).select_related("account__merged_into").first()
    return _issue(row) if row is not None else None


def _issue(row: Ticket) -> Issue:
    is_by_hand = row.source == HERE
    told, account = row.custom if is_by_hand else {}, row.account.merged_into or row.account
    assert row.escalated_at is not None
    return Issue(
        event=f"{row.source}:{row.external_id}",
        account_id=account.pk,
        account_key=account.key,
        account_name=account.name,
        cause=row.subject or f"Ticket {row.external_id}",
        severity=row.priority,
        escalated_at=row.escalated_at,
        solved_at=row.solved_at,
        source=row.source,
        is_by_hand=is_by_hand,
        **{name: str(told.get(name, "")) for name in ("opened_by", "note", "resolved_by", "resolution")},
    )


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
    if row.source == HERE:
        title, detail = f"Escalation opened by {row.custom.get('opened_by', '')}", row.custom.get("note", "")
        return Moment(row.happened_at, "ticket", title, _joined(row.subject, row.priority, detail, solved))
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


@dataclass(frozen=True)
class OpenSale:
    """A sale to a new customer that is not lost; money in minor units, ``probability`` 0 to 1."""

    account_id: int
    amount_cents: int | None
    probability: float | None
    expected_on: date | None
    won_at: datetime | None


def new_customers(viewer: Viewer, *, signed_from: date, expected_until: date) -> tuple[OpenSale, ...]:
    """Return the sales to new customers that were signed since a day, or are expected by another."""
    rows = narrowed(Opportunity.objects.filter(kind="new", known_until=None, lost_at=None), viewer)
    near = Q(won_at__date__gte=signed_from) | Q(won_at=None, expected_on__lte=expected_until)
    fields = ("account_id", "amount_cents", "probability", "expected_on", "won_at")
    return tuple(OpenSale(*row) for row in rows.filter(near).order_by("pk").values_list(*fields))


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


def last_of_kind(
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
    """A version of an artifact: ``at`` is when the first was written, ``known_at`` from when it holds.

    ``source`` and ``called`` are its name for ever.
    """

    id: int
    source: str
    called: str
    at: datetime
    known_at: datetime
    author_id: int | None
    author: str
    answers: dict[str, Any]

    @property
    def is_ours(self) -> bool:
        """Whether it was written here, and may be corrected here."""
        return self.source == HERE


def artifact_versions(viewer: Viewer, artifact_id: int) -> tuple[ArtifactTold, ...]:
    """Return the versions of an artifact, the first first; of others' as policy leaves them open.

    Any of its versions names it. What was known at an instant is the last one known by then.
    """
    rows = Artifact.objects.filter(pk=artifact_id)
    rows = rows if may_see_of_others(viewer, "artifacts") else narrowed(rows, viewer)
    found = rows.values_list("source", "external_id").first()
    if found is None:
        return ()
    of_it = Artifact.objects.filter(source=found[0], external_id=found[1]).select_related("author")
    return tuple(
        ArtifactTold(
            id=row.pk,
            source=row.source,
            called=row.external_id,
            at=row.happened_at,
            known_at=row.known_at,
            author_id=row.author_id,
            author=str(row.author or ""),
            answers=row.fields or ({"summary": row.summary} if row.summary else {}),
        )
        for row in of_it.order_by("known_at", "pk")
    )


@dataclass(frozen=True)
class ArtifactBy:
    """An artifact that somebody wrote, as it stands; ``revision`` counts how often it was corrected."""

    source: str
    called: str
    kind: str
    account_key: str
    account_name: str
    answers: dict[str, Any]
    revision: int


def artifacts_by(viewer: Viewer, person_id: int) -> tuple[ArtifactBy, ...]:
    """Return the last artifact of each kind that a person wrote for each account that the viewer may open."""
    rows = Artifact.objects.filter(author_id=person_id, known_until__isnull=True)
    newest: dict[tuple[int, str], Artifact] = {}
    for row in narrowed(rows, viewer).select_related("account").order_by("happened_at", "pk"):
        newest[row.account_id, row.kind] = row
    versions = _versions(Artifact, [row.external_id for row in newest.values()])
    return tuple(
        ArtifactBy(
            row.source, row.external_id, row.kind, row.account.key, row.account.name, row.fields or {},
            versions[row.source, row.external_id] - 1,
        )
        for row in newest.values()
    )  # fmt: skip


@dataclass(frozen=True)
class ArtifactOf:
    """An artifact as it stands, with its kind: one of many."""

    at: datetime
    author: str
    answers: dict[str, Any]
    kind: str


def last_artifacts(viewer: Viewer, accounts: Opened, *, each: int) -> dict[int, tuple[ArtifactOf, ...]]:
    """Return of each account the last artifacts of every kind, at most so many of each, the newest first."""
    newest = Window(
        RowNumber(),
        partition_by=[F("account"), F("kind")],
        order_by=[F("happened_at").desc(), F("pk").desc()],
    )
    rows = Artifact.objects.filter(Among(F("account"), accounts.ids), known_until=None)
    last = rows.annotate(place=newest).filter(place__lte=each)
    found: dict[int, tuple[ArtifactOf, ...]] = {}
    fields = ("account_id", "happened_at", "author__name", "fields", "summary", "kind")
    for account_id, at, author, answers, summary, kind in last.order_by("-happened_at", "-pk").values_list(
        *fields
    ):
        heir = accounts.heirs[account_id]
        told = answers or ({"summary": summary} if summary else {})
        found[heir] = (*found.get(heir, ()), ArtifactOf(at, author or "", told, kind))
    return found


def meetings_of(
    viewer: Viewer, accounts: Opened, *, first: datetime, limit: int
) -> dict[int, tuple[Meeting, ...]]:
    """Return of each account what is booked from an instant on, at most so many, in order of time."""
    rows = Interaction.objects.filter(
        Among(F("account"), accounts.ids),
        known_until=None,
        status=Interaction.Status.BOOKED,
        happened_at__gte=first,
    )
    found: dict[int, tuple[Meeting, ...]] = {}
    for row in rows.select_related("account", "person").order_by("happened_at", "pk"):
        heir = accounts.heirs[row.account_id]
        if len(found.get(heir, ())) < limit:
            found[heir] = (*found.get(heir, ()), _meeting(row))
    return found


def _meeting(row: Interaction) -> Meeting:
    return Meeting(
        row.happened_at, row.account.key, row.account.name, row.get_kind_display(), row.subject, row.minutes,
        str(row.person or ""),
    )  # fmt: skip


def customers_helped(viewer: Viewer, *, since: datetime, until: datetime) -> int:
    """Return how many different customers had a ticket solved in a span, for a figure of many at once."""
    rows = Ticket.objects.filter(known_until__isnull=True, solved_at__gte=since, solved_at__lt=until)
    return rows.exclude(source=HERE).values("account").distinct().count()


def sales_told(
    viewer: Viewer, *, before: datetime
) -> tuple[tuple[int, str, str, datetime, datetime | None, datetime | None], ...]:
    """Return all sales as told before an instant: account, kind, product, opened, won, lost.

    For figures of many at once, which are for everybody.
    """
    rows = Opportunity.objects.filter(known_at__lt=before, happened_at__lt=before)
    rows = rows.filter(Q(known_until=None) | Q(known_until__gte=before)).order_by("happened_at", "pk")
    fields = ("account_id", "kind", "product", "happened_at", "won_at", "lost_at")
    return tuple(
        (account, kind, product, opened, _by(won, before), _by(lost, before))
        for account, kind, product, opened, won, lost in rows.values_list(*fields)
    )


def _by(at: datetime | None, before: datetime) -> datetime | None:
    return at if at is not None and at < before else None
