"""The first seven weeks: what is done, what comes next, and what has changed since the baseline."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.runs.queries import Week, week
from evenbook.screens.places import address, figure_address
from evenbook.screens.sentences import Figure, Part
from evenbook.screens.shown import number_word, plural
from evenbook.throughput.actions.first_weeks import may_take_baseline, sign, take_baseline
from evenbook.throughput.queries.first_weeks import Since, baseline, facts, has_signed, since_baseline
from evenbook.throughput.rules.first_weeks import SENTENCE, Stage, stages, week_of


@require_GET
def first_weeks(request: HttpRequest) -> HttpResponse:
    """Show how far the first seven weeks have come."""
    viewer = asking(request)
    shown = week(viewer)
    if shown is None:
        what = "the steps from the first load to weekly monitoring"
        return render(request, "runs/no_run.html", {"page": "The first seven weeks", "what": what})
    today = shown.today(timezone.now())
    found = facts(viewer, shown, today=today)
    every = stages(found)
    context = {
        "week": shown,
        "stages": every,
        "now": week_of(found, today),
        "sentence": _sentence(every, week_of(found, today), is_begun=found.started_on is not None),
        "baseline": baseline(viewer),
        "may_take": may_take_baseline(viewer) and found.started_on is None,
        "may_sign": viewer.role == "leader" and viewer.may_write and not has_signed(viewer),
        "said": SENTENCE,
        "since": [(each, _figure(shown, each)) for each in since_baseline(viewer, shown)],
    }
    return render(request, "throughput/first_weeks.html", context)


@require_POST
def baseline_taken(request: HttpRequest) -> HttpResponse:
    """Take the baseline of the newest week."""
    viewer = asking(request)

    def take(shown: Week) -> None:
        take_baseline(shown, by=viewer, now=timezone.now())

    return _done(request, take, "The baseline is taken. What comes later is held against it.")


@require_POST
def signed(request: HttpRequest) -> HttpResponse:
    """Put the viewer's name under what a ceiling is for."""
    viewer = asking(request)
    return _done(request, lambda shown: sign(by=viewer, now=timezone.now()), "Signed.")


def _done(request: HttpRequest, does: Callable[[Week], object], done: str) -> HttpResponse:
    shown = week(asking(request))
    if shown is None:
        raise Http404("No week is stored yet.")
    try:
        does(shown)
    except EvenbookError as refused:
        messages.error(request, f"{refused.what} {refused.fix}")
    else:
        messages.success(request, done)
    return redirect(address("first-weeks"))


def _figure(shown: Week, each: Since) -> Figure:
    opens = figure_address(each.measure, each.kind, each.subject, as_of=shown.run.as_of)
    return Figure(each.measure, each.now.value, each.unit, opens if each.now.value is not None else "")


def _sentence(every: tuple[Stage, ...], now: int, *, is_begun: bool) -> tuple[Part, ...]:
    if not is_begun:
        return ("The first seven weeks begin with the baseline.",)
    steps = [step for stage in every for step in stage.steps]
    done = sum(step.is_done for step in steps)
    week = f"Week {number_word(now)}"
    if done == len(steps):
        return (f"{week}: every step is done.",)
    title = next(step.title for step in steps if not step.is_done)
    so_far = f"{number_word(done)} {plural(done, 'step is', 'steps are')} done" if done else "no step is done"
    return (f"{week}: {so_far}; next, {title[0].lower()}{title[1:]}.",)
