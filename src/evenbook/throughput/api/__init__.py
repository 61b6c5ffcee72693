"""What came of interventions, how loads feel, the first weeks and the month, for programs."""

from __future__ import annotations

from evenbook.rest.router import Router
from evenbook.throughput.api import monthly, outcomes

router = Router("Outcomes")
for part in (outcomes, monthly):
    router.add_router("", part.router)
