"""The versions of an artifact, for programs: read them, add one."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from evenbook.capacity.queries import account_row
from evenbook.closures.actions.correcting import correct
from evenbook.closures.actions.owed import no_such_loop
from evenbook.closures.api.loops import RefusalOut
from evenbook.closures.queries.loops import loop_called
from evenbook.closures.queries.written import written
from evenbook.people.asking import asking
from evenbook.rest.router import Router
from evenbook.rest.shapes import NO_NULL, AnyJson, Asked, Body, Shape, said_or_none
from evenbook.runs.asked import week_asked

router = Router("Versions")
LONGEST_KEY = 320


class VersionsAsked(Asked):
    """Of which loop's artifact."""

    loop: str = Field(max_length=LONGEST_KEY, pattern=NO_NULL)


class ArtifactVersionOut(Shape):
    """One version of an artifact, and from when it holds."""

    version: int
    author_name: str | None
    known_at: datetime
    answers: dict[str, AnyJson]


class ArtifactVersions(Shape):
    """The versions of the artifact that closed a loop, the first one first."""

    loop: str
    written_at: datetime | None
    items: list[ArtifactVersionOut]


class Correcting(Body):
    """A corrected artifact, and the version that it corrects."""

    loop: str = Field(max_length=LONGEST_KEY, pattern=NO_NULL)
    version: int = Field(ge=1, le=99_999)
    answers: dict[str, AnyJson] = Field(description="By field, all of them.")


class CorrectedOut(Shape):
    """Which version holds, and if there is no new one, what the answers lack."""

    loop: str
    version: int
    corrected: bool
    refusals: list[RefusalOut]


@router.reads("/loops/versions", ArtifactVersions)
def list_artifact_versions(request: HttpRequest, asked: Query[VersionsAsked]) -> ArtifactVersions:
    """List the versions of the artifact that closed a loop; none where nothing has closed it."""
    viewer = asking(request)
    shown = week_asked(viewer, None)
    row = loop_called(viewer, shown.policy, shown.today(timezone.now()), asked.loop)
    if row is None:
        raise no_such_loop(asked.loop)
    told = written(viewer, row)
    versions = told.versions if told else ()
    return ArtifactVersions(
        loop=row.key,
        written_at=told.at if told else None,
        items=[
            ArtifactVersionOut(
                version=number,
                author_name=said_or_none(each.author),
                known_at=each.known_at,
                answers=each.answers,
            )
            for number, each in enumerate(versions, start=1)
        ],
    )


@router.writes("POST", "/loops/correct", CorrectedOut)
def correct_an_artifact(request: HttpRequest, given: Correcting) -> CorrectedOut:
    """Correct the artifact that closed a loop: a new version, checked again; the loop stays closed."""
    viewer, now = asking(request), timezone.now()
    shown = week_asked(viewer, None)
    row = loop_called(viewer, shown.policy, shown.today(now), given.loop)
    stands = account_row(viewer, shown.run.id, row.account_id) if row else None
    tier = stands.tier if stands else None
    found = correct(given.loop, given.answers, version=given.version, by=viewer, tier=tier, now=now)
    refusals = [RefusalOut(field=each.field, reason=each.reason) for each in found.refusals]
    return CorrectedOut(loop=given.loop, version=found.version, corrected=found.is_new, refusals=refusals)
