"""Which text columns here hold what is personal: each has a word of ``site.personal.declared``."""

from __future__ import annotations

PERSONAL = {
    "Scenario": {"free": "scope_kind scope_key inputs answer", "text": "name made_by dropped_by"},
    "HeadcountPlan": {"text": "contents made_by"},
    "RolloutStep": {"free": "step", "text": "choice note done_by"},
}
