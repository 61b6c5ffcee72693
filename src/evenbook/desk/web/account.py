"""One account's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from evenbook.book.numbers import ROLES
from evenbook.book.queries import AccountFacts
from evenbook.capacity.numbers import FACTORS, CapacityNumbers
from evenbook.capacity.queries import AccountRow, Factor
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.queries.issues import issues_at
from evenbook.desk.queries.account import (
    SHOWS,
    AccountPage,
    Timeline,
    account_facts,
    account_page,
    timeline,
)
from evenbook.desk.queries.account_roles import account_roles
from evenbook.expansion.queries.opening_form import open_form
from evenbook.hotsheet.numbers import HotsheetNumbers
from evenbook.hotsheet.rules.risk import share_at
from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week, week
from evenbook.screens.sentences import Figure, Part
from evenbook.screens.shown import number_word, plural
from evenbook.screens.tables import Choice
from evenbook.signals.numbers import SignalsNumbers
from evenbook.states.queries import Stands

REFUSED = 422
FULL_SCORE = 100.0
NEAR = 2e-6
"""Hours are kept to a millionth."""

ROUNDED = 0.06
"""Points are said to a tenth, so each line may be off by half of one."""


@dataclass(frozen=True)
class Step:
    """A line of a figure that opens: what it is, why, and its part of the fold."""

    name: str
    part: float
    text: str = ""


@require_GET
def account(request: HttpRequest, key: str) -> HttpResponse:
    """Show an account that the viewer may open; any other is not found."""
    viewer = asking(request)
    facts = account_facts(viewer, key)
    if facts is None:
        raise Http404("No account of this name that you may open.")
    if facts.merged_into_key:
        return redirect("account", facts.merged_into_key)
    return page_of(request, viewer, facts)


def page_of(
    request: HttpRequest,
    viewer: Viewer,
    facts: AccountFacts,
    *,
    typed: Mapping[str, str] | None = None,
    refusal: EvenbookError | None = None,
) -> HttpResponse:
    """Return an account's page; with what was typed into the form of roles where that was refused."""
    shown = week(viewer, request.GET.get("as_of", ""))
    told = {"given": typed or {}, "role_refusal": refusal}
    status = 200 if refusal is None else REFUSED if refusal.status == 400 else refusal.status
    return render(request, "desk/account.html", _context(request, viewer, facts, shown) | told, status=status)


def _context(request: HttpRequest, viewer: Viewer, facts: AccountFacts, shown: Week | None) -> dict[str, Any]:
    now = timezone.now()
    page = account_page(viewer, facts, shown, now=now)
    number = request.GET.get("page", "1")
    lines = timeline(
        viewer,
        facts.id,
        show=request.GET.get("show", ""),
        page=int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
    )
    return {
        "week": shown,
        "page": page,
        "sentence": _sentence(page, shown),
        "titles": _titles(shown),
        "hot_titles": _hot_titles(shown),
        "hot_share": _hot_share(page, shown),
        "score_steps": score_steps(page.stands) if page.stands else (),
        "effort_steps": effort_steps(page.row, page.factors, shown) if page.row and shown else (),
        "figures": _figures(page),
        "opens": open_form(viewer, facts.key, key=uuid4().hex, asked=request.GET),
        "is_opening": bool(request.GET.get("source") or request.GET.get("product")),
        "issues": issues_at(viewer, shown, facts.id, now=now),
        "holders": account_roles(viewer, facts.id, now=now),
        "roles": ROLES,
        "uncounted_cents": _uncounted(page),
        "timeline": lines,
        "shows": _shows(request, lines),
        "newer": _page_query(request, lines, -1),
        "older": _page_query(request, lines, 1),
    }


def score_steps(stands: Stands) -> tuple[Step, ...]:
    """Return the lines that add up to a health score: 100, less the points of each term."""
    if stands.score is None:
        return ()
    steps = [Step("Start", FULL_SCORE), *(Step(each.term, -each.points, each.text) for each in stands.terms)]
    left = stands.score - sum(step.part for step in steps)
    if abs(left) > ROUNDED * len(steps):
        steps.append(Step("limit", left, "a score is never under 0"))
    return tuple(steps)


def effort_steps(row: AccountRow, factors: tuple[Factor, ...], shown: Week) -> tuple[Step, ...]:
    """Return the lines whose product is an effort: the tier's base hours, each factor, the limits."""
    numbers = shown.policy.of(CapacityNumbers)
    base = next((each.hours for each in numbers.base_hours if each.tier == row.tier), None)
    if row.effort_hours is None or base is None or not factors:
        return ()
    steps = [Step("base", base, f"hours a month of tier {row.tier}")]
    steps += [Step(_factor(each), each.multiplier, each.cause) for each in factors]
    product = prod(step.part for step in steps)
    if product and abs(row.effort_hours - product) > NEAR:
        is_most = abs(row.effort_hours - base * numbers.max_multiplier) <= NEAR
        most = Step("most", row.effort_hours / product, f"at most {numbers.max_multiplier:g} times the base")
        steps.append(most if is_most else Step("centered", most.part, "the mean of the tier counts as 1"))
    return tuple(steps)


def _factor(each: Factor) -> str:
    return f"{FACTORS.get(each.factor, each.factor)}: {each.level.replace('_', ' ')}"


def _sentence(page: AccountPage, shown: Week | None) -> tuple[Part, ...]:
    name = page.facts.name
    if shown is None or page.stands is None:
        return (f"{name} is not in the last weekly run.",)
    change = page.last_change(shown)
    if change:
        why = f": {change.causes[0]}" if change.causes else ""
        came = f"went from {_word(change.from_state)} to" if change.from_state else "was first seen as"
        return (f"{name} {came} {_word(change.to_state)} on "
                f"{change.on.day} {change.on:%B}{why}{'' if why.endswith('.') else '.'}",)  # fmt: skip
    gaps = sum(need.is_gap for need in page.needs)
    if gaps:
        return (f"{name} lacks {number_word(gaps)} {plural(gaps, 'artifact')} that its tier requires.",)
    since = page.stands.since_on
    told = f" since {since.day} {since:%B %Y}" if since else ""
    return (f"Nothing changed at {name} this week: {_word(page.stands.state)}{told}.",)


def _figures(page: AccountPage) -> dict[str, Figure]:
    return {
        "health": Figure("health", page.stands.score if page.stands else None, "points", "#health"),
        "effort": Figure("effort", page.row.effort_hours if page.row else None, "hours", "#effort"),
    }


def _uncounted(page: AccountPage) -> int:
    """Return what the revenue of a churned account leaves out of its movements."""
    if page.row is None or page.row.arr_cents is None:
        return 0
    return page.row.arr_cents - sum(each.change_cents for each in page.movements)


def _titles(shown: Week | None) -> dict[str, str]:
    if shown is None:
        return {}
    titles = {row.kind: row.title for row in shown.policy.of(ClosuresNumbers).kinds}
    return titles | {row.kind: row.title for row in shown.policy.of(SignalsNumbers).kinds}


def _hot_share(page: AccountPage, shown: Week | None) -> float | None:
    if page.hot is None or shown is None:
        return None
    return share_at(page.hot.points, shown.policy.of(HotsheetNumbers).risk)


def _hot_titles(shown: Week | None) -> dict[str, str]:
    return {row.term: row.title for row in shown.policy.of(HotsheetNumbers).terms} if shown else {}


def _shows(request: HttpRequest, lines: Timeline) -> tuple[tuple[Choice, bool], ...]:
    return tuple(
        (Choice(_query(request, show=key, page=""), label), key == lines.show) for key, label in SHOWS.items()
    )


def _page_query(request: HttpRequest, lines: Timeline, step: int) -> str:
    page = lines.page + step
    return _query(request, page=str(page)) if 1 <= page <= lines.pages else ""


def _query(request: HttpRequest, **changes: str) -> str:
    kept = {name: request.GET.get(name, "") for name in ("as_of", "show", "page")}
    return urlencode({name: value for name, value in (kept | changes).items() if value})


def _word(state: str) -> str:
    return state.replace("_", " ")
