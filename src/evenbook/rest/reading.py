"""Bodies as they are read: JSON and nothing that only looks like it."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser


class StrictParser(Parser):
    """Reads JSON that a database can keep: no NaN, no null character, no half of a character."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return what a body holds.

        Raises:
            ValueError: it is no such JSON.
        """
        data = json.loads(request.body, parse_constant=_refuse)
        text = json.dumps(data, ensure_ascii=False)
        if "\\u0000" in text:
            raise ValueError("a null character")
        text.encode()
        return data


def _refuse(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")
