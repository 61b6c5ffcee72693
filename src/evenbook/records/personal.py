"""Which text columns here hold what is personal: each has a word of ``site.personal.declared``."""

from __future__ import annotations

PERSONAL = {
    "Interaction": {
        "free": "source fingerprint kind status",
        "text": "external_id contact_id_text subject custom",
    },
    "TimeEntry": {"free": "source fingerprint", "text": "external_id note"},
    "Ticket": {
        "free": "source fingerprint priority kind",
        "text": "external_id contact_id_text subject custom",
    },
    "UsageWeek": {"free": "measure source"},
    "FeedWeek": {"free": "source measure"},
    "Score": {"free": "source fingerprint kind raw scale", "text": "external_id"},
    "Opportunity": {
        "free": "source fingerprint kind stage product currency",
        "text": "external_id name custom",
    },
    "Artifact": {"free": "source fingerprint kind", "text": "external_id summary fields closes"},
}
