"""Problems as programs read them (RFC 9457), and the refusals that are the API's own.

``type`` is a reference relative to the server, one for each kind of error; ``fix`` says how to mend
it, as everywhere in the product. Nothing here echoes what was sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from evenbook.kit.errors import EvenbookError

MEDIA_TYPE = "application/problem+json"


class NothingHere(EvenbookError):
    """There is no such thing, or none that the asker may see."""

    kind = "not-found"
    status = 404


class NotSignedIn(EvenbookError):
    """A request without a token that counts."""

    kind = "not-signed-in"
    status = 401


class ScopeMissing(EvenbookError):
    """A token that was not made for this."""

    kind = "scope-missing"
    status = 403


class ForgeryRefused(EvenbookError):
    """A write with a browser's session that does not prove that our own page sent it."""

    kind = "cross-site-request"
    status = 403


class TokenInAddress(EvenbookError):
    """A token in an address, where histories and logs keep it."""

    kind = "token-in-address"
    status = 400


class TooManyRequests(EvenbookError):
    """An asker took all requests of a minute."""

    kind = "too-many-requests"
    status = 429
    retry = True

    def __init__(self, what: str, *, fix: str, seconds: int) -> None:
        super().__init__(what, fix=fix)
        self.seconds = seconds


class TooLarge(EvenbookError):
    """A body that is larger than the endpoint takes."""

    kind = "too-large"
    status = 413


class MediaTypeRefused(EvenbookError):
    """A body in another form than the endpoint reads."""

    kind = "media-type"
    status = 415


class Invalid(EvenbookError):
    """A request that does not fit its description; ``errors`` says where."""

    kind = "invalid"
    status = 422

    def __init__(self, what: str, *, fix: str, errors: Iterable[Mapping[str, str]] = ()) -> None:
        super().__init__(what, fix=fix)
        self.errors = [dict(each) for each in errors]


class Outdated(EvenbookError):
    """A change that was made from a version that is no longer the last one."""

    kind = "outdated"
    status = 412
    retry = True


class PreconditionMissing(EvenbookError):
    """A change that does not say from which version it was made."""

    kind = "precondition-missing"
    status = 428


BY_STATUS: dict[int, tuple[str, str, str]] = {
    400: ("bad-request", "The request can't be read.", "Compare it with the description of the API."),
    403: ("not-allowed", "You may not do this.", "Ask operations for another role or token."),
    404: ("not-found", "There is nothing at this address.", "See /api/v1/openapi.json for what there is."),
    405: ("method", "This address does not take this method.", "See the Allow header for those it takes."),
    413: ("too-large", "The body is too large.", "Send less at once."),
    500: ("failure", "Something broke here; it was logged.", "Try again; if it stays, tell operations."),
}


def response_of(error: EvenbookError, request: HttpRequest) -> HttpResponse:
    """Return the problem that an error is."""
    errors = getattr(error, "errors", None) or _problems(error)
    answer = problem(
        request, status=error.status, kind=error.kind, what=error.what, fix=error.fix, retry=error.retry,
        errors=errors,
    )  # fmt: skip
    if error.status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="evenbook"'
    seconds = getattr(error, "seconds", None)
    if seconds is not None:
        answer["Retry-After"] = str(seconds)
    return answer


def plain_problem(request: HttpRequest, status: int) -> HttpResponse:
    """Return the problem of an answer that came with nothing but its status."""
    kind, what, fix = BY_STATUS.get(status) or BY_STATUS[500 if status >= 500 else 400]
    return problem(request, status=status, kind=kind, what=what, fix=fix, retry=status >= 500)


def problem(
    request: HttpRequest,
    *,
    status: int,
    kind: str,
    what: str,
    fix: str,
    retry: bool = False,
    errors: Iterable[Mapping[str, str]] = (),
) -> HttpResponse:
    """Return a problem; ``retry`` says whether the same request may go through later."""
    document: dict[str, Any] = {
        "type": f"/errors/{kind}",
        "title": kind.replace("-", " ").capitalize(),
        "status": status,
        "detail": what,
        "fix": fix,
        "retry": retry,
        "instance": request.path,
        "errors": [dict(each) for each in errors],
    }
    text = json.dumps(document, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type=MEDIA_TYPE)


def _problems(error: EvenbookError) -> list[dict[str, str]]:
    """Return the single values that an error names, such as those of a policy that cannot stand."""
    found: Any = getattr(error, "problems", ())
    return [{"where": str(each.path), "what": str(each.words)} for each in found]
