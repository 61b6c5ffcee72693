"""Escalations of an account: what is open, opening one, and the word that it was resolved outside."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from evenbook.book.queries import NamedAccount
from evenbook.book.queries import account as opened_in_full
from evenbook.closures.actions.escalating import escalate, resolve
from evenbook.closures.queries.issues import account_with_issues, issues_at
from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import week
from evenbook.screens.places import address
from evenbook.screens.shown import number_word, plural

TYPED = ("cause", "severity", "note", "event", "resolution")


@require_http_methods(["GET", "HEAD", "POST"])
def escalations(request: HttpRequest) -> HttpResponse:
    """Show what is open at an account; open an escalation with what was posted, or say why not."""
    viewer = asking(request)
    if request.method != "POST":
        return _page(request, viewer, _account(request, viewer))
    given = request.POST
    return _done(
        request,
        viewer,
        "The escalation is open. Its loop comes to whoever owes it with the next refresh of the figures.",
        lambda account: escalate(
            account.key,
            given.get("cause", ""),
            given.get("severity", ""),
            given.get("note", ""),
            by=viewer,
            now=timezone.now(),
        ),
    )


@require_POST
def resolved(request: HttpRequest) -> HttpResponse:
    """Write down that an issue was resolved outside the CS team."""
    viewer, given = asking(request), request.POST
    return _done(
        request,
        viewer,
        "The issue is resolved.",
        lambda _: resolve(given.get("event", ""), given.get("resolution", ""), by=viewer, now=timezone.now()),
    )


def _done(
    request: HttpRequest, viewer: Viewer, says: str, does: Callable[[NamedAccount], object]
) -> HttpResponse:
    account = _account(request, viewer)
    try:
        does(account)
    except EvenbookError as refused:
        return _page(request, viewer, account, said=refused)
    messages.success(request, says)
    if opened_in_full(viewer, account.key) is None:
        return redirect(f"{address('escalations')}?account={account.key}")
    return redirect(f"{address('account', account.key)}#issues")


def _account(request: HttpRequest, viewer: Viewer) -> NamedAccount:
    key = request.POST.get("account") or request.GET.get("account", "")
    found = account_with_issues(viewer, key)
    if found is None:
        raise Http404("No account of this key that you may open.")
    return found


def _page(
    request: HttpRequest, viewer: Viewer, account: NamedAccount, *, said: EvenbookError | None = None
) -> HttpResponse:
    issues = issues_at(viewer, week(viewer), account.id, now=timezone.now())
    count = len(issues.open)
    context = {
        "account": account,
        "says": f"{number_word(count).capitalize()} {plural(count, 'issue is', 'issues are')} open at"
        if count
        else "No issue is open at",
        "is_open": opened_in_full(viewer, account.key) is not None,
        "issues": issues,
        "typed": {name: request.POST.get(name, "").replace("\x00", "") for name in TYPED},
        "said": said,
    }
    return render(request, "closures/escalations.html", context, status=said.status if said else 200)
