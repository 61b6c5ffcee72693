"""Which text columns here hold what is personal: each has a word of ``site.personal.declared``."""

from __future__ import annotations

PERSONAL = {
    "Requirement": {"free": "kind status"},
    "Loop": {"text": "key waived_by waiver_note", "free": "kind role artifact_kind waiver"},
    "Draft": {"text": "answers"},
    "Brief": {"text": "written_by answers"},
    "Acknowledgement": {"free": "how", "text": "by_name"},
    "Batch": {"free": "kind", "text": "signed_by"},
    "FollowUp": {"text": "what who done_by"},
    "Diagnosis": {"free": "kind suggested decided", "text": "evidence note decided_by"},
    "AuditBasis": {"text": "counted"},
}
GOES = {"Draft": "user"}
"""Rows that go when the user is forgotten whom this key names."""
