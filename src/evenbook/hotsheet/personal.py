"""Which text columns here hold what is personal: each has a word of ``site.personal.declared``."""

from __future__ import annotations

PERSONAL = {
    "HotRow": {"free": "overflow", "text": "reasons play change"},
    "HotCase": {"free": "ending", "text": "act why claimed_by"},
    "HotMark": {"free": "kind", "text": "by"},
    "Replay": {"free": "state fared learned by_policy versions", "text": "made_by adopted_by"},
}
