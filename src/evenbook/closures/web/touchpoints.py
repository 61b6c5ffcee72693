"""The days that an artifact names, as a calendar file to take away."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from evenbook.closures.queries.loops import loop
from evenbook.closures.queries.touchpoints import touchpoints_of
from evenbook.closures.queries.written import written
from evenbook.documents.calendar import Days, Event, as_ics
from evenbook.people.asking import asking
from evenbook.runs.queries import week
from evenbook.screens.places import address


@require_safe
def touchpoint(request: HttpRequest, number: int) -> HttpResponse:
    """Give the next touchpoint of the artifact that closed a loop."""
    viewer, now = asking(request), timezone.now()
    shown = week(viewer)
    row = loop(viewer, shown.policy, shown.today(now), number) if shown else None
    told = written(viewer, row) if row else None
    days = touchpoints_of(viewer, shown.policy, row, told) if shown and row and told else ()
    if row is None or not days:
        raise Http404("No artifact of this number that names a day.")
    events = [
        Event(
            f"touchpoint-{each.called}@evenbook", Days(each.day), f"{each.title}: {each.account_name}",
            f"Named in the {each.artifact_title.lower()}.",
            request.build_absolute_uri(address("account", each.account_key)), revision=each.revision,
        )
        for each in days
    ]  # fmt: skip
    body = as_ics(f"{days[0].title}: {row.account_name}", events, written_at=now)
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="touchpoint-{number}.ics"'
    return answer
