"""What came of interventions, how loads feel, the first weeks and the month, for programs."""

from __future__ import annotations

from evenbook.throughput.api import monthly
from evenbook.throughput.api.outcomes import router

router.add_router("", monthly.router)
