"""Which text columns here hold what is personal: each has a word of ``site.personal.declared``."""

from __future__ import annotations

PERSONAL = {
    "Mail": {"free": "key standing trouble file_type", "text": "to subject text file_name"},
}
