"""Which text columns here hold what is personal: each has a word of ``site.personal.declared``."""

from __future__ import annotations

PERSONAL = {
    "Opening": {
        "free": "role source wants product state currency",
        "text": "key note contact about opened_by routed reason",
    },
    "OpeningEvent": {"free": "kind currency", "text": "by reason"},
    "ListRow": {"text": "reasons flags"},
    "MentionRow": {"free": "product who says because"},
    "AddonRow": {"free": "product"},
    "SigningKey": {"free": "name key", "secret": "salt", "text": "made_by ended_by"},
    "SeenHand": {"free": "digest"},
    "Trial": {"free": "product outcome", "text": "note recorded_by decided_by"},
}
