"""How usage, falls and churn are drawn. Fixed before any detector was tuned, and left alone since.

Whoever writes both the sample and the detector is tempted to make churn visible. So what a detector
could profit from stands in this one place: how noisy usage is, how often it falls, how often an
account leaves, and how seldom the two go together. What only makes the company plausible (prices,
cadences, names) is in ``shape``. Figures of detection are reported on other seeds than those that
anything was tuned on.

Pairs are the ends of a range. Tuples of four are tiers 1 to 4. ``tests/sources/sample`` holds the
shares against several seeds.
"""

from __future__ import annotations

# ---------------------------------------------------------------- usage, week by week

USERS_MEDIAN = (85.0, 26.0, 9.0, 4.0)
"""Weekly users of a middling account."""

USERS_SIGMA = 0.75
"""Spread of sizes within a tier, as the deviation of the logarithm."""

DISPERSION = (4.0, 30.0)
"""Shape of the gamma that mixes the Poisson counts, per account, log-uniform: low is noisy."""

SEASON = (0.05, 0.25)
"""Amplitude of the yearly season, one draw a company; its phase is drawn too."""

YEAR_END_LEFT = (0.35, 0.60)
"""Share of users left in the two weeks around the year's end, one draw a company."""

WANDER = (0.005, 0.025)
"""Deviation of the weekly step of the logarithm, per account, log-uniform."""

WANDER_PULL = 0.02
"""Share by which the wander returns to its account's level each week."""

GROWTH = (-0.0005, 0.0030)
"""Weekly drift of the logarithm, per account."""

ACTIONS_PER_USER = (5.0, 30.0)
"""The second measure: key actions per user and week, per account, log-uniform."""

# ---------------------------------------------------------------- falls

FALL_LEFT = (0.15, 0.70)
"""Share of users left after a fall. The same draw whether the account leaves or stays."""

FALL_SUDDEN = 0.4
"""Share of falls that come within a week; the others take ``FALL_WEEKS``."""

FALL_WEEKS = (4.0, 16.0)
"""Weeks that a slow fall takes."""

FALL_LEAD_WEEKS = (6.0, 26.0)
"""Weeks from the start of a fall to the churn that follows it."""

FALL_RECOVERS = 0.4
"""Share of the falls without churn that come back."""

FALL_RECOVERS_WEEKS = (8.0, 20.0)
"""Weeks from the start of a fall to the start of its recovery."""

# ---------------------------------------------------------------- churn, and how seldom it shows

CHURN_A_YEAR = (0.05, 0.09, 0.14, 0.20)
"""Share of renewals of a yearly contract that are lost."""

CHURNS_AFTER_A_FALL = 0.35
"""Share of churns that a fall comes before. The other 65% leave with their usage as it was."""

FALLS_THAT_CHURN = 0.35
"""Share of falls that end in churn. The other 65% stay, recovered or smaller."""

# ---------------------------------------------------------------- other signs
# The share of churns that show one, and the share of accounts a year that show one and stay.

CHAMPION_LEAVES = (0.30, 0.12)
SENTIMENT_FALLS = (0.35, 0.08)
TICKETS_RISE = (0.20, 0.06)
CONTACT_THINS = (0.30, 0.05)

SIGN_LEAD_WEEKS = (4.0, 26.0)
"""Weeks from such a sign to the churn that follows it."""
