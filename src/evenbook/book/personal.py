"""Which text columns here hold what is personal: each has a word of ``site.personal.declared``."""

from __future__ import annotations

PERSONAL = {
    "Person": {"own": "key name mail time_zone languages industries custom", "free": "role team region"},
    "PersonRole": {"free": "role"},
    "PersonMachine": {"free": "kind value"},
    "PersonAlias": {"free": "source", "own": "external_id"},
    "Leave": {"own": "kind external_id"},
    "CapacityAdjustment": {"own": "reason"},
    "OwnCeiling": {"own": "reason"},
    "Pool": {"free": "key", "text": "name"},
    "Account": {"free": "key name matched_name domain", "text": "custom"},
    "AccountAlias": {"free": "source external_id fingerprint"},
    "AccountValue": {"free": "name source", "text": "value"},
    "Ownership": {"free": "role source", "text": "reason"},
    "Handover": {"free": "role"},
    "Contact": {"free": "source fingerprint role", "text": "external_id", "own": "name mail title"},
    "Contract": {"free": "source external_id fingerprint product currency", "text": "custom"},
    "RevenueMovement": {"free": "contract_id_text kind currency original_currency source"},
}
