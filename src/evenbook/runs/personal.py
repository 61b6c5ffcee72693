"""Which text columns here hold what is personal: each has a word of ``site.personal.declared``."""

from __future__ import annotations

PERSONAL = {
    "Run": {"free": "kind fingerprint", "text": "by summary"},
    "Job": {"text": "key about given by stop_asked_by doing says fix", "free": "work title queue state"},
    "JobStep": {"free": "title"},
    "JobLine": {"text": "says"},
    "Worker": {"free": "name host place"},
    "Happening": {"free": "kind accounts", "text": "by"},
}
