"""The policy, for programs: read, look back, change from the version that one has read."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query
from pydantic import Field, StringConstraints

from evenbook.people.asking import asking
from evenbook.policy import queries
from evenbook.policy.actions import LONGEST_NOTE, PolicyMovedOn, adopt
from evenbook.policy.registry import sections
from evenbook.policy.rules.difference import Change, difference
from evenbook.policy.rules.document import from_document, merged, to_document
from evenbook.policy.rules.said import changed_from_default
from evenbook.policy.schema import FieldCard, Policy
from evenbook.rest.entrance import LONGEST_HEADER, PRINTABLE_ASCII
from evenbook.rest.paging import Page, Paged, Place
from evenbook.rest.problems import Outdated, PreconditionMissing
from evenbook.rest.router import Router
from evenbook.rest.shapes import NO_NULL, AnyJson, Body, Shape, instant

router = Router("Policy")
TAG = re.compile(r'"?policy-(\d{1,9})"?')
IF_MATCH = {
    "parameters": [
        {
            "in": "header",
            "name": "If-Match",
            "required": False,
            "schema": {"type": "string", "maxLength": LONGEST_HEADER, "pattern": PRINTABLE_ASCII},
            "description": "The ETag of the policy that you read, or `*` for whichever is in force.",
        }
    ]
}


class ChangeOut(Shape):
    """A value that differs; ``old`` is null for what is new, ``new`` for what is gone."""

    path: str
    old: AnyJson
    new: AnyJson
    unit: str


class PolicyOut(Shape):
    """A version of the policy with all its numbers, by section."""

    version: int
    sections: dict[str, dict[str, AnyJson]]


class VersionOut(Shape):
    """A version: who adopted it, when, why, and what it changed."""

    version: int
    adopted_at: datetime | None
    author_name: str
    note: str
    changes: list[ChangeOut]


class WholeVersionOut(VersionOut):
    """A version with all its numbers."""

    sections: dict[str, dict[str, AnyJson]]


class Versions(Page):
    """Versions, the newest first."""

    items: list[VersionOut]
    total: int


class NumberOut(Shape):
    """One value of the policy: what it is in, why it is as it is, and its default."""

    path: str
    title: str
    kind: str
    unit: str
    reason: str
    bounds: str
    value: AnyJson
    default: AnyJson
    is_own: bool


class Numbers(Page):
    """The values of the policy, section by section."""

    items: list[NumberOut]
    version: int


class PolicyChange(Body):
    """Values to change, by section; what is left out stays as it is."""

    note: Annotated[str, StringConstraints(max_length=LONGEST_NOTE, pattern=NO_NULL)] = Field(
        description="Why, in a sentence; the history keeps it."
    )
    sections: dict[str, dict[str, AnyJson]]
    dry_run: bool = Field(False, description="Say what would change, and change nothing.")


class Adopted(Shape):
    """The version in force after a change, and what it changed."""

    version: int
    changes: list[ChangeOut]
    dry_run: bool


@router.reads("/policy", PolicyOut)
def get_policy(request: HttpRequest, response: HttpResponse) -> PolicyOut:
    """Give the newest policy; its ETag is what a change names in If-Match."""
    asking(request)
    number, policy = queries.latest()
    response["ETag"] = f'"policy-{number}"'
    return PolicyOut(version=number, sections=to_document(policy))


@router.writes("PATCH", "/policy", Adopted, scope="policy", extra=IF_MATCH)
def change_policy(request: HttpRequest, change: PolicyChange) -> Adopted:
    """Change values of the policy, as a new version.

    Without If-Match it is refused (428): a change names the version that it was made from.
    """
    by, latest = asking(request), queries.latest()
    expected = _expected(request)
    document = merged(to_document(latest.policy), change.sections, sections())
    if change.dry_run:
        changes = difference(latest.policy, from_document(document, sections()))
        return Adopted(version=latest.number, changes=_changes(changes), dry_run=True)
    try:
        done = adopt(document, by=by, note=change.note, now=timezone.now(), expected_version=expected)
    except PolicyMovedOn as error:
        raise Outdated(error.what, fix=error.fix) from error
    return Adopted(version=done.number, changes=_changes(done.changes), dry_run=False)


@router.reads("/policy/numbers", Numbers)
def list_numbers(request: HttpRequest, asked: Query[Paged]) -> Numbers:
    """List every value with its unit, its reason and its default."""
    asking(request)
    number, policy = queries.latest()
    place = Place.of(request, asked, basis=number)
    rows = place.within(_numbers(policy))
    return Numbers(items=list(place.cut(rows)), next=place.next(rows), version=number)


@router.reads("/policy/versions", Versions)
def list_versions(request: HttpRequest, asked: Query[Paged]) -> Versions:
    """List the versions, the newest first, each with what it changed."""
    viewer = asking(request)
    total = queries.how_many_versions(viewer)
    place = Place.of(request, asked, basis=total)
    found = queries.history(viewer, skip=place.offset, limit=place.more)
    items = [VersionOut(**_version(each)) for each in place.cut(found)]
    return Versions(items=items, next=place.next(found), total=total)


@router.reads("/policy/versions/{int:number}", WholeVersionOut)
def get_version(request: HttpRequest, number: int) -> WholeVersionOut:
    """Give a version with all its numbers."""
    found = queries.version(asking(request), number)
    return WholeVersionOut(**_version(found), sections=to_document(found.policy))


def _expected(request: HttpRequest) -> int | None:
    """Return the version that a change was made from, None for whichever is in force."""
    given = request.headers.get("If-Match", "").strip()
    if given == "*":
        return None
    if not given:
        raise PreconditionMissing(
            "The change does not say from which version it was made.",
            fix="Send the ETag of GET /api/v1/policy as If-Match.",
        )
    found = TAG.fullmatch(given)
    if found is None:
        raise Outdated("If-Match names no version of the policy.", fix='Write it like "policy-7".')
    return int(found[1])


def _version(each: queries.Version) -> dict[str, Any]:
    return {
        "version": each.number,
        "adopted_at": instant(each.adopted_at),
        "author_name": each.author_name,
        "note": each.note,
        "changes": _changes(each.changes),
    }


def _changes(changes: tuple[Change, ...]) -> list[ChangeOut]:
    return [ChangeOut(**change.as_json()) for change in changes]


def _numbers(policy: Policy) -> list[NumberOut]:
    document, differs = to_document(policy), changed_from_default(policy)
    defaults = to_document(Policy.defaults(sections()))
    return [
        _number(
            card,
            path=f"{kind.name}.{card.name}",
            value=document[kind.name][card.name],
            default=defaults[kind.name][card.name],
            is_own=differs[f"{kind.name}.{card.name}"],
        )
        for kind in sections()
        for card in kind.cards()
    ]


def _number(card: FieldCard, *, path: str, value: Any, default: Any, is_own: bool) -> NumberOut:
    return NumberOut(
        path=path,
        title=card.title,
        kind=card.kind,
        unit=card.unit,
        reason=card.reason,
        bounds=card.bounds,
        value=value,
        default=default,
        is_own=is_own,
    )
