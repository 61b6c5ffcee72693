"""Which sections the policy is made of, and what a stored document means with them.

``site`` names them in the setting ``EVENBOOK_POLICY_SECTIONS``, as dotted paths in the order of
the pages, so that the policy knows no slice above it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from evenbook.policy.rules.document import from_stored
from evenbook.policy.schema import Policy, Section


def sections() -> tuple[type[Section], ...]:
    """Return the sections, in the order of the pages."""
    return _found(tuple(settings.EVENBOOK_POLICY_SECTIONS))


def stored_policy(document: Mapping[str, Any]) -> Policy:
    """Return the policy of a stored document; the last few are kept, for documents never change."""
    return _read(json.dumps(document, sort_keys=True), sections())


@lru_cache(maxsize=32)
def _read(text: str, kinds: tuple[type[Section], ...]) -> Policy:
    return from_stored(json.loads(text), kinds)


@cache
def _found(paths: tuple[str, ...]) -> tuple[type[Section], ...]:
    return tuple(import_string(path) for path in paths)
