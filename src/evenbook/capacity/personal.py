"""Which text columns here hold what is personal: each has a word of ``site.personal.declared``."""

from __future__ import annotations

PERSONAL = {
    "Calibration": {"free": "state contents", "text": "made_by adopted_by"},
    "AccountWeek": {"free": "segment stage region", "text": "factors"},
    "RoleWeek": {"free": "role"},
}
