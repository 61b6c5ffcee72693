"""What the doctor looks at in the policy: that the newest version can be read by this program."""

from __future__ import annotations

from datetime import datetime

from pydantic import ValidationError

from evenbook.kit.errors import EvenbookError
from evenbook.kit.findings import Check, Finding
from evenbook.policy.queries import latest


def readable(now: datetime) -> Finding | None:
    """Find a policy that no longer stands under the rules for its numbers."""
    try:
        latest()
    except (EvenbookError, ValidationError) as error:
        said = " ".join(str(error).split())
        return Finding(f"The policy in force can't be read: {said}", "Export it, mend the number, import it.")
    return None


CHECKS = (Check("policy-readable", "The policy can be read.", readable),)
