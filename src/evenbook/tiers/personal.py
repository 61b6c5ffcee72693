"""Which text columns here hold what is personal: each has a word of ``site.personal.declared``."""

from __future__ import annotations

GROUNDED = "direction grounds reasons evidence"
PERSONAL = {
    "Move": {"free": f"{GROUNDED} hindrances"},
    "Share": {"free": "segment"},
    "Ruling": {"free": f"{GROUNDED} choice", "text": "note decided_by taken_back_by"},
    "Step": {"free": "role", "text": "says owner done_by"},
    "Mark": {"free": "kind", "text": "reason set_by withdrawn_by withdrawn_reason"},
}
