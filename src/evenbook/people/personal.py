"""Which text columns here hold what is personal: each has a word of ``site.personal.declared``."""

from __future__ import annotations

PERSONAL = {
    "Team": {"free": "name"},
    "User": {"secret": "password", "own": "mail name", "free": "role"},
    "SignInAttempt": {"free": "door", "secret": "mail_digest", "own": "address"},
    "ServiceToken": {"text": "name", "free": "beginning role scopes", "secret": "digest"},
    "AuditEntry": {"trail": "by_name thing_id thing_name before after", "free": "surface what thing_kind"},
    "OpenSession": {"secret": "key", "own": "address browser", "free": "how"},
    "SignInLink": {"free": "purpose", "secret": "digest"},
    "CalendarFeed": {"secret": "digest"},
    "Forgotten": {"free": "kind", "secret": "salt marks ids"},
    "MailChoice": {"free": "kind"},
}
GOES = {"MailChoice": "user", "SignInLink": "user", "CalendarFeed": "user", "OpenSession": "user"}
"""Rows that go when the user is forgotten whom this key names."""
