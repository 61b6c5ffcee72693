"""Which sections the policy is made of.

``site`` names them in the setting ``EVENBOOK_POLICY_SECTIONS``, as dotted paths in the order of
the pages, so that the policy knows no slice above it.
"""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from evenbook.policy.schema import Section


def sections() -> tuple[type[Section], ...]:
    """Return the sections, in the order of the pages."""
    return _found(tuple(settings.EVENBOOK_POLICY_SECTIONS))


@cache
def _found(paths: tuple[str, ...]) -> tuple[type[Section], ...]:
    return tuple(import_string(path) for path in paths)
