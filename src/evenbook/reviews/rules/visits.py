"""Which request for a review counts as its being opened: that of a person, not of a machine that looks ahead.

Pure: what the request says of itself in, yes or no out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

MACHINES = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|prefetch|scan|fetch|facebookexternalhit|whatsapp|telegram"
    r"|skype|slack|discord|embedly|pinterest|vkshare|ms-office|microsoft office|outlook|safelinks"
    r"|proofpoint|mimecast|barracuda|curl|wget|python|java/|go-http|okhttp|libwww|headlesschrome.*lighthouse|monitor|uptime",
    re.IGNORECASE,
)
AHEAD = re.compile(r"prefetch|preview|prerender", re.IGNORECASE)
PURPOSES = ("sec-purpose", "purpose", "x-purpose", "x-moz")
"""Headers with which a browser says that nobody looks at what it fetches."""


def counts_as_opened(method: str, headers: Mapping[str, str], *, is_ours: bool) -> bool:
    """Return whether a request is a reader's.

    Args:
        method: of the request; only GET shows a page.
        headers: by lower-case name.
        is_ours: whether one of us is signed in there.
    """
    agent = headers.get("user-agent", "")
    is_ahead = any(AHEAD.search(headers.get(name, "")) for name in PURPOSES)
    return method == "GET" and not is_ours and not is_ahead and bool(agent) and not MACHINES.search(agent)
