"""What makes the sample company plausible: its market, prices, cadences and habits.

None of this is about detecting anything (that is in ``ranges``, which stays fixed). Pairs are the
ends of a range; tuples of four are tiers 1 to 4.
"""

from __future__ import annotations

ACCOUNTS_A_CSM = 40
LEAST_ACCOUNTS = 40
LEAST_CSMS = 5
MOST_ACCOUNTS = 100_000

# ---------------------------------------------------------------- market

TIER_SHARES = (0.12, 0.27, 0.36, 0.25)
SEGMENTS = ("Enterprise", "Mid-Market", "Growth/SMB", "Digital/PLG")
OTHER_SEGMENT = 0.1
"""Share of accounts whose segment is the one beside that of their tier."""

REGIONS = ("Americas", "Europe", "Asia-Pacific")
COUNTRIES = ("US", "CA", "BR", "GB", "DE", "FR", "ES", "IT", "NL", "SE", "IN", "JP", "SG", "AU")
COUNTRY_REGION = (0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2)
COUNTRY_SHARES = (0.30, 0.05, 0.06, 0.09, 0.12, 0.08, 0.05, 0.04, 0.04, 0.03, 0.05, 0.03, 0.03, 0.03)
INDUSTRIES = (
    "Manufacturing",
    "Logistics",
    "Healthcare",
    "Retail",
    "Financial services",
    "Energy",
    "Education",
    "Media",
)
REGULATED_INDUSTRIES = (2, 4)

ARR_MEDIAN = (120_000, 34_000, 10_000, 2_200)
ARR_SIGMA = 0.40
ARR_BY_USERS = 0.35
"""How far the price follows the number of users."""

STARTED_BEFORE = 0.70
"""Share of accounts that were customers when the history starts."""

STARTED_DAYS_BEFORE = (60.0, 1800.0)
TWO_YEAR_TERMS = (0.25, 0.10, 0.0, 0.0)
TIER_MOVED = 0.04
SEATS_USED = (0.50, 0.95)

EXPANDS_A_YEAR = (0.42, 0.38, 0.24, 0.10)
EXPANDS_BY = (0.15, 0.80)
CONTRACTS_A_YEAR = (0.09, 0.10, 0.08, 0.04)
CONTRACTS_BY = (0.10, 0.40)
UPLIFT = 0.55
UPLIFT_BY = (0.02, 0.05)
RENEWED_DAYS_BEFORE = (3.0, 45.0)
OTHER_SALES_A_YEAR = (0.35, 0.20, 0.05, 0.0)
"""Sales tried and lost, an account and year."""

# ---------------------------------------------------------------- effort, as a plain team would plan it

BASE_HOURS = (8.0, 2.4, 0.6, 0.05)
STAGE_HOURS = {"onboarding": 1.6, "adoption": 1.1, "value": 0.9, "renewal": 1.3}

# ---------------------------------------------------------------- the team

LOAD_USUAL = (0.76, 0.89)
LOAD_OVER = 1.26
LOAD_RAMPING = 0.5
RAMP_DAYS = 45.0
RAMP_SHARE = 0.5
PART_TIME = 0.8
OWNER_CHANGED = 0.2
"""Share of accounts that changed hands for no reason that this file knows of."""

ONBOARDED, ONBOARDED_FOR = 0.7, 90.0
"""Share of new accounts that somebody else than their owner onboards, and for how many days they are new."""

EXPANDED, EXPANDED_AFTER = 0.4, (60.0, 400.0)
"""Share of the largest accounts with an expansion owner, and days from the start until there is one."""

OVERLOADED_WEEKS = 10.0
"""Since when the overloaded person has been so."""

# ---------------------------------------------------------------- contact

TALK_DAYS = (11.0, 16.0, 32.0, 0.0)
"""Days between two talks with the customer."""

REVIEW_DAYS = (91.0, 182.0, 365.0, 0.0)
ONBOARDING_ON = (3.0, 10.0, 17.0, 24.0, 38.0, 52.0, 66.0)
BOOKED_DAYS = 21.0
REPLIES_A_DAY = (0.045, 0.018, 0.005, 0.001)
MAILS_A_DAY = (0.06, 0.025, 0.006, 0.0)
INTERNAL_A_DAY = (0.055, 0.014, 0.002, 0.0)
ADMIN_A_DAY = (0.012, 0.005, 0.001, 0.0)
BULK_EVERY_DAYS = 30.0
CONTACTS = ((5, 12), (3, 6), (1, 3), (1, 1))
KEPT = (0.88, 0.07, 0.05)
"""Share of booked talks that took place, were cancelled, were missed."""

TALK_KINDS = ("meeting", "call", "strategic")
TALK_KIND_SHARES = ((0.45, 0.35, 0.20), (0.35, 0.55, 0.10), (0.20, 0.80, 0.0), (0.0, 1.0, 0.0))
MINUTES = {
    "meeting": (20, 60),
    "call": (8, 45),
    "strategic": (45, 90),
    "business_review": (50, 90),
    "onboarding": (40, 90),
    "escalation": (15, 60),
    "reply": (3, 12),
    "mail": (3, 15),
    "bulk": (1, 1),
    "internal": (10, 60),
    "admin": (5, 30),
}

TICKETS_A_DAY = (0.050, 0.022, 0.008, 0.003)
ESCALATED = (0.05, 0.04, 0.02, 0.0)
PRIORITIES = ("low", "normal", "high", "urgent")
PRIORITY_SHARES = (0.25, 0.52, 0.18, 0.05)
TICKET_KINDS = ("question", "problem", "incident", "feature request")
TICKET_KIND_EDGES = (0.45, 0.80, 0.95)

# ---------------------------------------------------------------- written work

CHECK_IN_WRITTEN = 0.93
HEALTH_REVIEW_DAYS = (12.0, 28.0, 85.0, 0.0)
HEALTH_REVIEW_SKIPPED = 0.04
BRIEF_DAYS_BEFORE = ((119.0, 92.0), (66.5, 61.0), (36.5, 31.0))
"""When a renewal brief is written and refreshed, in days before the renewal."""

BRIEF_WRITTEN = 0.92
HANDOFF_WRITTEN = 0.85
DECISIONS_WRITTEN = 0.85
TRANSFER_WRITTEN = 0.80
SILENT_DAYS = 46.0
"""After so many days without a meaningful contact somebody has to write down what was tried."""

SILENCE_WRITTEN = 0.9
OVERLOADED_WRITES = 0.62
"""Share of that which an overloaded person still gets to."""

# ---------------------------------------------------------------- how soon a source tells, in days

TOLD = {
    "crm": (0.005, 0.4),
    "calendar": (0.01, 0.25),
    "helpdesk": (0.002, 0.02),
    "product": (0.05, 0.2),
    "evenbook": (0.0, 0.0),
}
