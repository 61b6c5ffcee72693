"""Which mails one gets, on a page of one's own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from evenbook.desk.actions import choose
from evenbook.desk.queries.mails import chosen_mails
from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking


@require_http_methods(["GET", "HEAD", "POST"])
def my_mails(request: HttpRequest) -> HttpResponse:
    """Show each kind of mail with whether one gets it; keep what was ticked."""
    viewer = asking(request)
    shown = chosen_mails(viewer)
    if request.method != "POST":
        return render(request, "desk/my_mails.html", {"mails": shown})
    ticked = set(request.POST.getlist("mail"))
    wanted = {each.of.kind: each.of.kind in ticked for each in shown}
    changed = {each.of.kind: wanted[each.of.kind] for each in shown if wanted[each.of.kind] != each.is_wanted}
    try:
        choose(viewer, changed, now=timezone.now())
    except EvenbookError as refused:
        context = {"mails": shown, "said": f"{refused.what} {refused.fix}"}
        return render(request, "desk/my_mails.html", context, status=refused.status)
    messages.success(request, "Your choice is kept." if changed else "Nothing was other than before.")
    return redirect("my-mails")
