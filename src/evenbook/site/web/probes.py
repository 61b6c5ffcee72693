"""What machines ask: does the process live, can it work, what has it counted.

Nobody signs in for these, so they tell a stranger nothing: ids of what fails, never why.
"""

from __future__ import annotations

import hmac
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evenbook.people.doors import is_on_this_machine
from evenbook.site import metrics

LEAST_FREE = 64 * 1024 * 1024
"""Bytes on the disk without which writing soon fails."""

ASK_AGAIN = "10"
_fitted = False


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process lives; asks no database, so a slow one restarts nothing."""
    return JsonResponse({"status": "ok"})


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Answer 200 when requests can be served, else 503 with the ids of what fails."""
    failing = list(_failing())
    if not failing:
        return JsonResponse({"status": "ready", "failing": []})
    response = JsonResponse({"status": "not ready", "failing": failing}, status=503)
    response.headers["Retry-After"] = ASK_AGAIN
    return response


@login_not_required
@never_cache
@require_safe
def counted(request: HttpRequest) -> HttpResponse:
    """Answer what was counted, to whoever has the token; without a token set, to this machine alone."""
    if not _may_count(request):
        raise Http404
    return HttpResponse(
        metrics.page(Path(settings.EVENBOOK_HOME), now=timezone.now()),
        content_type="text/plain; version=0.0.4; charset=utf-8",
    )


def _failing() -> Iterator[str]:
    """Yield the ids, as the doctor names them, of what keeps requests from being served."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        if not _is_up_to_date():
            yield "database-version"
    except (DatabaseError, InterfaceError):
        yield "database-reachable"
    try:
        if shutil.disk_usage(settings.EVENBOOK_HOME).free < LEAST_FREE:
            yield "disk-free"
    except OSError:
        yield "home-writable"


def _is_up_to_date() -> bool:
    """Return whether the database fits the program; once it did, this process asks no more."""
    global _fitted
    if not _fitted:
        executor = MigrationExecutor(connection)
        _fitted = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _fitted


def _may_count(request: HttpRequest) -> bool:
    token = os.environ.get("EVENBOOK_METRICS_TOKEN", "")
    if not token:
        return is_on_this_machine(request)
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    return kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())
