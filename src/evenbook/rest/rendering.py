"""An answer as text, narrowed to the fields asked for, with the tag that names it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from ninja.responses import NinjaJSONEncoder


def text_of(data: Any) -> str:
    """Return plain values as JSON, the same text for the same values."""
    return json.dumps(data, cls=NinjaJSONEncoder, ensure_ascii=False, separators=(",", ":"))


def narrowed(data: Any, fields: str) -> Any:
    """Return an answer with the fields named alone: those of each row where it is a list."""
    names = [name.strip() for name in fields.split(",") if name.strip()]
    if not names or not isinstance(data, Mapping):
        return data
    if isinstance(data.get("items"), list):
        return {**data, "items": [{name: row[name] for name in names} for row in data["items"]]}
    return {name: data[name] for name in names}


def tag_of(text: str) -> str:
    """Return the tag of an answer: the same for the same text."""
    return f'"{blake2b(text.encode(), digest_size=12).hexdigest()}"'


def names_tag(header: str, tag: str) -> bool:
    """Return whether a list of tags, as If-None-Match and If-Match hold it, names ``tag``."""
    return header.strip() == "*" or tag in (part.strip().removeprefix("W/") for part in header.split(","))
