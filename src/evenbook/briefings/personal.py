"""Which text columns here hold what is personal: each has a word of ``site.personal.declared``."""

from __future__ import annotations

PERSONAL = {
    "Handoff": {"free": "reason asks", "text": "announced_by called_off_by note noted_by"},
    "HandoffAccount": {"text": "confirmed_by"},
}
