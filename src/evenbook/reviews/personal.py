"""Which text columns here hold what is personal: each has a word of ``site.personal.declared``."""

from __future__ import annotations

PERSONAL = {
    "Wording": {"free": "segment", "text": "texts note made_by"},
    "Master": {"free": "name digest findings", "text": "uploaded_by withdrawn_by"},
    "ReleaseNote": {"free": "product title", "text": "words written_by"},
    "ShippedRequest": {"free": "title", "text": "words written_by"},
    "AskedFor": {"free": "ticket"},
    "OptOut": {"text": "reason said_by withdrawn_by"},
    "ReviewBatch": {"free": "asked state attaches", "text": "title made_by approved_by cancelled_by"},
    "Review": {
        "free": "state holds digest",
        "text": "contents override overridden_by reader_name reader_mail looked_by why",
    },
    "ReviewLink": {"secret": "digest", "text": "made_by revoked_by"},
    "RaisedHand": {"free": "wants routed", "text": "note contact answered_by"},
}
