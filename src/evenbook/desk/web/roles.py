"""Giving a role on an account to somebody, or passing one on, from the account's page."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from evenbook.balance.actions.proposals import ProposalRefused
from evenbook.book.clock import day_here
from evenbook.book.numbers import role_title
from evenbook.briefings.actions.passing_on import RolePassed, pass_role
from evenbook.desk.queries.account import account_facts
from evenbook.desk.web.account import page_of
from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.screens.places import address
from evenbook.screens.shown import day_text


@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, key: str) -> HttpResponse:
    """Give what was posted, and go back to the account; a refusal keeps what was typed.

    A link on the page of a refusal leads to the account.
    """
    if request.method != "POST":
        return redirect(f"{address('account', key)}?{request.GET.urlencode()}")
    viewer, now, given = asking(request), timezone.now(), request.POST
    facts = account_facts(viewer, key)
    if facts is None or facts.merged_into_key:
        raise Http404("No account of this name that you may open.")
    role = given.get("role", "")
    try:
        done = pass_role(
            key,
            role,
            to=given.get("to", ""),
            reason=given.get("reason", ""),
            first_on=_day(given.get("first_on", "")),
            by=viewer,
            now=now,
        )
    except EvenbookError as refused:
        return page_of(request, viewer, facts, typed=given, refusal=refused)
    messages.success(request, _said(role, done, today=day_here(now)))
    return redirect(f"{address('account', key)}#holders")


def _said(role: str, done: RolePassed | None, *, today: date) -> str:
    title = role_title(role)
    if done is None:
        return f"{title}: it stays as it is."
    change, first_on = done.given.change, done.given.first_on
    when = f"from {day_text(first_on)} on" if first_on > today else "now"
    told = f"{title}: {change.before_name}, {when} {change.after_name}."
    return f"{told} A handoff is announced; a transfer brief is asked for." if done.handoff else told


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ProposalRefused("The first day is not a day.", fix="Write it as 2026-03-09.") from None
