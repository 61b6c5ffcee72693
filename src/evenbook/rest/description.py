"""The description of the API (OpenAPI 3.1): what the framework writes, and what holds for all endpoints.

Each can refuse, so each names its problems; each read can be asked for only when it changed, and
each write can carry a key. The scope of a token stands where a program looks for it.
"""

from __future__ import annotations

from typing import Any

from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from evenbook.rest.entrance import LONGEST_HEADER, PRINTABLE_ASCII, Entrance, SignedEntrance
from evenbook.rest.once import HEADER
from evenbook.rest.problems import MEDIA_TYPE
from evenbook.rest.router import row_of
from evenbook.rest.shapes import Problem

REFUSALS = {
    400: "The request can't be read.",
    401: "No token, or none that is valid now.",
    403: "The role, or the scope of the token, does not allow it.",
    404: "There is no such thing, or none that the asker may see.",
    409: "It clashes with something that was done meanwhile.",
    412: "It was changed from a version that is no longer the last one.",
    413: "The body is too large.",
    415: "The body is of another media type.",
    422: "Something in it does not fit; `errors` says where.",
    428: "It does not say from which version it was made: If-Match is missing.",
    429: "Too many requests in this minute; Retry-After says how long to wait.",
    500: "Something broke here.",
}
OF_WRITES = frozenset({409, 412, 413, 415, 428})
PRINTABLE = {"type": "string", "maxLength": LONGEST_HEADER, "pattern": PRINTABLE_ASCII}
SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "description": "A service token of operations."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "sessionid",
        "description": "The session of a signed-in person; writes need X-CSRFToken as well.",
    },
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": "Evenbook-Signature",
        "description": "`v1=` and the HMAC-SHA256 in hex of the time, a point and the body.",
    },
}


SIGNED = [
    {
        "name": name,
        "in": "header",
        "required": False,
        "description": said,
        "schema": PRINTABLE,
    }
    for name, said in (
        ("Evenbook-Key", "The id of the key that signs."),
        ("Evenbook-Timestamp", "When it was signed, in seconds since 1970."),
    )
]


class Description(OpenAPISchema):
    """The document that programs read."""

    def operation_details(self, operation: Operation) -> dict[str, Any]:
        """Return an endpoint with its refusals, headers and scope."""
        found: dict[str, Any] = super().operation_details(operation)
        is_read = operation.methods == ["GET"]
        entrance = next(each for each in operation.auth_callbacks if isinstance(each, Entrance))
        found["security"] = entrance.security
        told = SIGNED if isinstance(entrance, SignedEntrance) else _headers(is_read)
        found["parameters"] = [*found.get("parameters", []), *told]
        for status in REFUSALS:
            if not is_read or status not in OF_WRITES:
                found["responses"][status] = {"$ref": f"#/components/responses/Refused{status}"}
        if is_read:
            found["responses"][304] = {"description": "It has not changed since the tag in If-None-Match."}
            if "fields" in entrance.names:
                self.narrowed.add(row_of(_gives(operation)).__name__)
        found["responses"] = dict(sorted(found["responses"].items()))
        if not found.get("description"):
            found.pop("description", None)
        return found

    def get_paths(self) -> dict[str, Any]:
        """Return all endpoints by address."""
        self.narrowed: set[str] = set()
        paths: dict[str, Any] = super().get_paths()
        self.add_schema_definitions({"Problem": _problem_schema(self)})
        for name in self.narrowed:
            self.schemas[name].pop("required", None)  # with `fields` only those named are there
        return dict(sorted(paths.items()))

    def add_schema_definitions(self, definitions: dict[str, Any]) -> None:
        """Take up shapes by name.

        Raises:
            ValueError: two shapes have one name.
        """
        for name, shape in definitions.items():
            if self.schemas.setdefault(name, shape) != shape:
                raise ValueError(f"two shapes of the API are called {name}")

    def get_components(self) -> dict[str, Any]:
        """Return the shapes, the refusals and the ways to sign in."""
        return {
            "schemas": dict(sorted(self.schemas.items())),
            "responses": {f"Refused{status}": _refusal(said) for status, said in REFUSALS.items()},
            "securitySchemes": SCHEMES,
        }


def _gives(operation: Operation) -> Any:
    return operation.response_models[200].model_fields["response"].annotation


def _refusal(said: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": said, "content": {MEDIA_TYPE: {"schema": schema}}}


def _headers(is_read: bool) -> list[dict[str, Any]]:
    if is_read:
        said = "ETags that you hold; when one of them still names the answer, 304 comes without it."
        return [_header("If-None-Match", said)]
    return [_header(HEADER, "A key of your own, such as a UUID: the write is done once for it in a day.")]


def _header(name: str, said: str) -> dict[str, Any]:
    return {"in": "header", "name": name, "required": False, "description": said, "schema": PRINTABLE}


def _problem_schema(description: OpenAPISchema) -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    description.add_schema_definitions(schema.pop("$defs", {}))
    return schema
