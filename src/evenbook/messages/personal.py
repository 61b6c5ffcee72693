"""Which text columns here hold what is personal: each has a word of ``site.personal.declared``."""

from __future__ import annotations

PERSONAL = {
    "Mail": {"free": "key standing trouble", "text": "to subject text"},
}
