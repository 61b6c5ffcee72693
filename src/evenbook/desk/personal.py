"""Which text columns here hold what is personal: each has a word of ``site.personal.declared``."""

from __future__ import annotations

PERSONAL = {
    "ReportTouch": {"free": "report period what", "text": "words"},
    "AheadRun": {"free": "basis"},
    "AheadBook": {"free": "weeks renewals due"},
}
