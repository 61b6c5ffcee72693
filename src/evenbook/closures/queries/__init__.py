"""Coverage as a run found it: requirements of accounts, and the matrix of all of them."""

from __future__ import annotations

from evenbook.closures.queries.requirements import (
    OPEN,
    Needs,
    accounts_with,
    gap_count,
    kinds,
    requirements,
    status_counts,
    with_gaps,
)

__all__ = [
    "OPEN",
    "Needs",
    "accounts_with",
    "gap_count",
    "kinds",
    "requirements",
    "status_counts",
    "with_gaps",
]
