"""Which text columns here hold what is personal: each has a word of ``site.personal.declared``."""

from __future__ import annotations

PERSONAL = {
    "Decision": {"free": "kind choice", "text": "sentence evidence note decided_by done_by"},
}
