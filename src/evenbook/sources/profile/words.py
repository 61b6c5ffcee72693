"""What the name of a column suggests. A hint only: the cells decide where they can."""

from __future__ import annotations

import re

_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

ID = frozenset({"id", "ids", "uuid", "guid", "key", "vid", "gsid"})
MONEY = frozenset(
    "arr mrr acv tcv amount revenue price value charge charges spend cost fee total refund refunds budget"
    " salary usd eur gbp".split()
)
DATE = frozenset(
    "date dates day time timestamp at on created updated modified synced start end since until expires"
    " instant".split()
)
NAME = frozenset(
    "name account company customer organization organisation agent owner manager csm contact".split()
)
SCORE = frozenset(
    "score scores health nps csat ces satisfaction rating risk sentiment grade rag pulse happiness"
    " churn".split()
)
REVERSED = frozenset("risk churn danger severity attrition concern effort problem threat likelihood".split())
SATISFACTION = frozenset("csat satisfaction rating stars".split())
COUNT = frozenset("count counts number num quantity qty seats users employees".split())


def words_of(name: str) -> frozenset[str]:
    """Return the words of a column name: "CloseDate", "close_date" and "Close Date" give the same."""
    return frozenset(part.lower() for part in _PARTS.findall(name))
