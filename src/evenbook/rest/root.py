"""The root that the slices' endpoints hang on: problems for errors, tags for answers, its description."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from evenbook.kit.errors import EvenbookError
from evenbook.rest.description import Description
from evenbook.rest.problems import Invalid, NothingHere, plain_problem, response_of
from evenbook.rest.reading import StrictParser
from evenbook.rest.rendering import names_tag, narrowed, tag_of, text_of

log = logging.getLogger(__name__)


class Api(NinjaAPI):
    """The API of an instance."""

    def __init__(self, *, title: str, version: str, description: str) -> None:
        super().__init__(
            title=title, version=version, description=description, docs_url=None, openapi_url=None,
            urls_namespace="api", parser=StrictParser(),
        )  # fmt: skip
        handlers: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
            EvenbookError: lambda request, error: response_of(error, request),
            ValidationError: _invalid,
            Http404: _not_found,
            PermissionDenied: lambda request, error: plain_problem(request, 403),
            HttpError: lambda request, error: plain_problem(request, 400),
            Exception: _broke,
        }
        for kind, handler in handlers.items():
            self.add_exception_handler(kind, handler)

    def create_response(
        self,
        request: HttpRequest,
        data: Any,
        *,
        status: int | None = None,
        temporal_response: HttpResponse | None = None,
    ) -> HttpResponse:
        """Return an answer, with the fields asked for alone; 304 where the asker holds it already."""
        text = text_of(narrowed(data, request.GET.get("fields", "")))
        response = temporal_response or HttpResponse(status=status or 200)
        response["Content-Type"] = self.get_content_type()
        response["Vary"] = "Authorization, Cookie"
        if request.method == "GET" and response.status_code == 200:
            response.setdefault("ETag", tag_of(text))
            if names_tag(request.headers.get("If-None-Match", ""), response["ETag"]):
                response.status_code = 304
                del response["Content-Type"]
                return response
        response.content = text.encode("utf-8", "replace")
        return response

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> Description:
        """Return the description of all endpoints."""
        return Description(self, self.get_root_path({}) if path_prefix is None else path_prefix)


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [{"where": _where(each), "what": str(each.get("msg", ""))} for each in error.errors]
    return response_of(
        Invalid(
            "The request does not fit the description of this endpoint.",
            fix="See 'errors' for where, and /api/v1/openapi.json for what it takes.",
            errors=errors,
        ),
        request,
    )


def _where(each: dict[str, Any]) -> str:
    return ".".join(str(part)[:60] for part in each.get("loc", ()))


def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return response_of(
        NothingHere("There is no such thing, or none that you may see.", fix="Check its id."), request
    )


def _broke(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("An API request broke.", exc_info=error)
    return plain_problem(request, 500)
