"""Which text columns here hold what is personal: each has a word of ``site.personal.declared``."""

from __future__ import annotations

PERSONAL = {
    "Load": {"text": "by notes", "free": "rejects_name"},
    "FileLoad": {"text": "file notes", "free": "sha256 recognized_as table source"},
    "Question": {"free": "key kind column", "text": "file asks choices notes answer answered_by"},
    "Mapping": {"free": "layout", "text": "file document changed_by"},
    "KeptFile": {"free": "sha256 folder path", "text": "name"},
    "Lookup": {"free": "source kind", "text": "external_id value"},
    "PartialDay": {"free": "source measure people"},
}
