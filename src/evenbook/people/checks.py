"""What the doctor looks at among users: somebody has to keep the instance."""

from __future__ import annotations

from datetime import datetime

from evenbook.kit.findings import Check, Finding
from evenbook.people.models import Role, User


def has_operations(now: datetime) -> Finding | None:
    """Find an instance with users, none of whom may import or change the policy."""
    active = User.objects.filter(is_active=True)
    if not active.exists() or active.filter(role=Role.OPERATIONS).exists():
        return None
    return Finding(
        "Nobody who signs in is operations: nobody may import or change the policy.",
        "Run: evenbook user add MAIL --name NAME --role operations",
    )


CHECKS = (
    Check("operations-there", "Somebody may keep the instance, or nobody signs in yet.", has_operations),
)
