"""Which text columns here hold what is personal: each has a word of ``site.personal.declared``."""

from __future__ import annotations

PERSONAL = {
    "Standing": {"free": "state color", "text": "terms"},
    "Transition": {"free": "from_state to_state", "text": "causes"},
}
