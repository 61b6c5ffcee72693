"""What is stored of one person, for programs of operations: taken out, or forgotten."""

from __future__ import annotations

import secrets
import tempfile
from pathlib import Path
from typing import Annotated, Literal

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field, StringConstraints

from evenbook.people.asking import asking
from evenbook.rest.router import Router
from evenbook.rest.shapes import NO_NULL, Asked, Body, Line, Shape
from evenbook.site.personal.forgetting import LONGEST_ALSO, MOST_ALSO, forget
from evenbook.site.personal.subject import subject
from evenbook.site.personal.taking import take

router = Router("Personal data")
Kind = Literal["person", "contact"]
Who = Annotated[str, StringConstraints(min_length=1, max_length=254, pattern=NO_NULL)]
Spelled = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_ALSO, pattern=NO_NULL)]
ZIP = "application/zip"
WHO = "A mail address, the key of somebody of the team, or the id that a source gives a contact."


class WhoseAsked(Asked):
    """Whose data."""

    who: Line = Field(description=WHO)
    kind: Kind = Field("person", description="Of the team, or a contact of a customer.")


class ToForget(Body):
    """Whom to forget, and how surely."""

    who: Who = Field(description=WHO)
    kind: Kind = "person"
    also: list[Spelled] = Field([], max_length=MOST_ALSO, description="What else texts call them.")
    dry_run: bool = Field(True, description="Say what would be changed, and change nothing.")


class ForgottenTable(Shape):
    """How many rows of a table were changed or taken away."""

    table: str
    rows: int


class ForgottenOut(Shape):
    """What forgetting somebody did, or would do."""

    called: str = Field(description="What they are called from now on; of a dry run what they would be.")
    key: str
    is_dry_run: bool
    name_is_shared: bool = Field(description="Whether a name that stands alone was left: others have it.")
    tables: list[ForgottenTable]
    files: list[str] = Field(description="Files beside the database that name them, left as they are.")


@router.gives_file("/personal-data", [ZIP], scope="people")
def take_personal_data(request: HttpRequest, asked: Query[WhoseAsked]) -> FileResponse:
    """Give everything that is stored of one person as a ZIP file; that it was taken is recorded."""
    viewer = asking(request)
    whom = subject(viewer, asked.who, kind=asked.kind)
    kept = tempfile.TemporaryFile()
    take(viewer, whom, kept, now=timezone.now())
    kept.seek(0)
    return FileResponse(
        kept, as_attachment=True, filename="personal-data.zip", content_type="application/zip"
    )


@router.writes("POST", "/personal-data/forget", ForgottenOut, scope="people")
def forget_a_person(request: HttpRequest, person: ToForget) -> ForgottenOut:
    """Forget one person: their name leaves everything, for good.

    Unless `dry_run` is false it is only said what would be changed.
    """
    viewer = asking(request)
    outcome = forget(
        viewer,
        subject(viewer, person.who, kind=person.kind),
        also=person.also,
        salt=secrets.token_hex(16),
        home=Path(settings.EVENBOOK_HOME),
        now=timezone.now(),
        dry_run=person.dry_run,
    )
    return ForgottenOut(
        called=outcome.called.name,
        key=outcome.called.key,
        is_dry_run=outcome.is_dry_run,
        name_is_shared=outcome.subject.is_shared,
        tables=[ForgottenTable(table=each.table, rows=each.rows) for each in outcome.changed],
        files=list(outcome.files),
    )
