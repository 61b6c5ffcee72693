"""Who the accounts are and what becomes of them: size, start, renewals, churn, falls and other signs.

Rare things are drawn systematically (every so many accounts in order of size) instead of by
independent chance, so that a company of 320 shows about the shares that ``ranges`` states.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evenbook.sources.sample import ranges, shape
from evenbook.sources.sample.axis import NEVER, Axis, Flags, Floats, Ints, stream
from evenbook.sources.sample.story import CAST, FEED_OF_REGION, Part, place_of

WEEK = 7.0
YEAR = 365.0
LEAST_BEFORE_CHURN = 280.0
"""Days of usage without which a fall before a churn could not be told: none is drawn."""

SILENT_TOGETHER, SILENT_DAYS = 9, 60
"""How many accounts of tier 4 fall silent in one week, and after how many days unused they are."""


@dataclass(frozen=True)
class Lives:
    """One value an account in each array. Days are those of the axis; ``NEVER`` where it does not happen.

    ``tier`` runs from 0.
    ``dues`` has a row of renewal dates an account, oldest first.
    """

    tier: Ints
    tier_before: Ints
    tier_moved: Floats
    segment: Ints
    country: Ints
    region: Ints
    industry: Ints
    pinned: Flags
    arr: Floats
    users: Floats
    dispersion: Floats
    wander: Floats
    growth: Floats
    actions_per_user: Floats
    started: Floats
    term: Floats
    dues: Floats
    churned: Floats
    fall_at: Floats
    fall_days: Floats
    fall_left: Floats
    fall_ends: Floats
    champion_left: Floats
    sentiment_fell: Floats
    tickets_rose: Floats
    contact_thinned: Floats
    silent_since: Floats
    unused_since: Floats
    tickets_a_day: Floats
    mood: Floats
    contacts: Ints
    products: Ints
    complexity: Ints
    integrations: Ints
    use_cases: Ints
    regulated: Flags

    @property
    def count(self) -> int:
        """Return how many accounts there are."""
        return len(self.tier)

    def active_at(self, day: float) -> Flags:
        """Return which accounts have a contract on a day."""
        return (self.started <= day) & ~(self.churned <= day)


Draft = dict[str, np.ndarray]


def draw(seed: int, axis: Axis, count: int) -> Lives:
    """Return the lives of ``count`` accounts."""
    draft = _who(stream(seed, "who"), count)
    draft |= _size(stream(seed, "size"), draft)
    draft |= _footprint(stream(seed, "footprint"), draft)
    draft |= _time(stream(seed, "time"), draft, axis)
    _cast(draft, axis)
    draft["dues"] = _dues(draft["started"], draft["term"], axis)
    draft["churned"] = _churn(stream(seed, "churn"), draft, axis)
    draft |= _falls(stream(seed, "falls"), draft, axis)
    draft |= _signs(stream(seed, "signs"), draft, axis)
    _play(draft, axis)
    draft["unused_since"] = _unused(draft, axis)
    return Lives(**draft)


def systematic(rate: Floats, order: Ints, start: float) -> Flags:
    """Return a choice in which each item has the chance ``rate``, spread evenly along ``order``."""
    along = np.cumsum(rate[order]) + start
    chosen = np.zeros(len(rate), dtype=bool)
    chosen[order] = np.floor(along) > np.floor(along - rate[order])
    return chosen


def _who(rng: np.random.Generator, count: int) -> Draft:
    edges = np.cumsum(shape.TIER_SHARES)[:-1] * count
    tier = rng.permutation(np.searchsorted(edges, np.arange(count), side="right"))
    beside = np.clip(tier + rng.choice([-1, 1], size=count), 0, 3)
    country = rng.choice(len(shape.COUNTRIES), size=count, p=shape.COUNTRY_SHARES)
    return {
        "tier": tier,
        "segment": np.where(rng.random(count) < shape.OTHER_SEGMENT, beside, tier),
        "country": country,
        "region": np.asarray(shape.COUNTRY_REGION)[country],
        "industry": rng.integers(len(shape.INDUSTRIES), size=count),
        "pinned": np.zeros(count, dtype=bool),
        "mood": np.clip(rng.normal(0.35, 0.18, size=count), -0.3, 0.8),
    }


def _size(rng: np.random.Generator, draft: Draft) -> Draft:
    tier, count = draft["tier"], len(draft["tier"])
    large = rng.normal(size=count)
    price = shape.ARR_BY_USERS * large + np.sqrt(1 - shape.ARR_BY_USERS**2) * rng.normal(size=count)
    arr = np.asarray(shape.ARR_MEDIAN)[tier] * np.exp(shape.ARR_SIGMA * price)
    return {
        "arr": np.maximum(100, np.round(arr, -2)),
        "users": np.asarray(ranges.USERS_MEDIAN)[tier] * np.exp(ranges.USERS_SIGMA * large),
        "dispersion": _log_uniform(rng, ranges.DISPERSION, count),
        "wander": _log_uniform(rng, ranges.WANDER, count),
        "growth": rng.uniform(*ranges.GROWTH, size=count),
        "actions_per_user": _log_uniform(rng, ranges.ACTIONS_PER_USER, count),
        "tickets_a_day": np.asarray(shape.TICKETS_A_DAY)[tier] * rng.lognormal(-0.18, 0.6, size=count),
    }


def _footprint(rng: np.random.Generator, draft: Draft) -> Draft:
    """Return what makes an account easy or hard to know by heart."""
    tier, count = draft["tier"], len(draft["tier"])
    low, high = np.asarray(shape.CONTACTS)[tier].T
    deep = rng.random(count)
    return {
        "contacts": rng.integers(low, high + 1),
        "products": 1 + rng.binomial(5, np.asarray((0.32, 0.2, 0.1, 0.02))[tier]),
        "complexity": 1 + np.searchsorted((0.12, 0.36, 0.78, 0.94), deep - 0.05 * (tier - 1)),
        "integrations": np.floor(deep * np.asarray((8, 5, 3, 1))[tier]).astype(int),
        "use_cases": 1 + rng.binomial(4, np.asarray((0.45, 0.3, 0.15, 0.05))[tier]),
        "regulated": np.isin(draft["industry"], shape.REGULATED_INDUSTRIES) & (draft["segment"] < 2),
    }


def _log_uniform(rng: np.random.Generator, ends: tuple[float, float], count: int) -> Floats:
    return np.asarray(np.exp(rng.uniform(np.log(ends[0]), np.log(ends[1]), size=count)))


def _time(rng: np.random.Generator, draft: Draft, axis: Axis) -> Draft:
    tier, count = draft["tier"], len(draft["tier"])
    low, high = shape.STARTED_DAYS_BEFORE
    started = np.where(
        rng.random(count) < shape.STARTED_BEFORE,
        -rng.uniform(low, high, size=count),
        rng.uniform(0, axis.cut - 10, size=count),
    )
    two_years = rng.random(count) < np.asarray(shape.TWO_YEAR_TERMS)[tier]
    moved = rng.random(count) < shape.TIER_MOVED
    since = np.maximum(started, 0) + 30
    moved &= since < axis.cut - 10
    return {
        "started": np.floor(started) + 0.375,
        "term": np.where(two_years, 2 * YEAR, YEAR),
        "tier_before": np.where(moved, np.clip(tier + rng.choice([-1, 1], size=count), 0, 3), tier),
        "tier_moved": np.where(moved, rng.uniform(since, np.maximum(axis.cut - 5, since + 1)), NEVER),
    }


def _dues(started: Floats, term: Floats, axis: Axis) -> Floats:
    """Return the renewal dates from a year before the history on, a row an account."""
    first = np.maximum(1, np.ceil((-YEAR - 5 - np.floor(started)) / term))
    steps = np.arange(axis.years + 3)
    return np.asarray(np.floor(started)[:, None] + term[:, None] * (first[:, None] + steps))


def _churn(rng: np.random.Generator, draft: Draft, axis: Axis) -> Floats:
    """Return when accounts leave: at a renewal, a share of each tier's renewals.

    From a year before the history on, or retention over a year would look too good in its first one.
    """
    dues = draft["dues"]
    open_to = (dues > -YEAR) & (dues < axis.cut) & ~draft["pinned"][:, None]
    rate = np.asarray(ranges.CHURN_A_YEAR)[draft["tier"]][:, None] * draft["term"][:, None] / YEAR
    place = np.nonzero(open_to)
    account, due = place[0], dues[place]
    order = np.lexsort((draft["arr"][account], np.floor(due / YEAR), draft["tier"][account]))
    lost = systematic((rate * open_to)[place], order, rng.random())
    churned = np.full(len(dues), np.inf)
    np.minimum.at(churned, account[lost], due[lost])
    return np.where(np.isinf(churned), NEVER, churned)


def _falls(rng: np.random.Generator, draft: Draft, axis: Axis) -> Draft:
    """Return the falls: before some churns, and more often at accounts that stay."""
    count, churned = len(draft["tier"]), draft["churned"]
    lead = rng.uniform(*ranges.FALL_LEAD_WEEKS, size=count) * WEEK
    seen = churned - np.maximum(draft["started"], 0)
    leaves = _some(rng, ranges.CHURNS_AFTER_A_FALL, seen > LEAST_BEFORE_CHURN, draft)
    opens = np.maximum(draft["started"], 0) + 20 * WEEK
    stays_open = np.isnan(churned) & ~draft["pinned"] & (opens < axis.cut - 6 * WEEK)
    wanted = leaves.sum() * (1 - ranges.FALLS_THAT_CHURN) / ranges.FALLS_THAT_CHURN
    stays = _some(rng, wanted / max(1, stays_open.sum()), stays_open, draft)
    at = np.where(leaves, churned - lead, rng.uniform(opens, np.maximum(axis.cut - 3 * WEEK, opens + 1)))
    slow = np.minimum(rng.uniform(*ranges.FALL_WEEKS, size=count) * WEEK, 0.8 * lead)
    recovers = stays & (rng.random(count) < ranges.FALL_RECOVERS)
    back = at + rng.uniform(*ranges.FALL_RECOVERS_WEEKS, size=count) * WEEK
    falls = leaves | stays
    return {
        "fall_at": np.where(falls, at, NEVER),
        "fall_days": np.where(rng.random(count) < ranges.FALL_SUDDEN, 1.0, slow),
        "fall_left": rng.uniform(*ranges.FALL_LEFT, size=count),
        "fall_ends": np.where(recovers, back, NEVER),
    }


def _some(rng: np.random.Generator, share: float, eligible: Flags, draft: Draft) -> Flags:
    """Return this share of the eligible accounts, spread over tiers and sizes."""
    rate = np.where(eligible, min(1.0, share), 0.0)
    return systematic(rate, np.lexsort((draft["users"], draft["tier"])), rng.random())


def _signs(rng: np.random.Generator, draft: Draft, axis: Axis) -> Draft:
    shares = {
        "champion_left": ranges.CHAMPION_LEAVES,
        "sentiment_fell": ranges.SENTIMENT_FALLS,
        "tickets_rose": ranges.TICKETS_RISE,
        "contact_thinned": ranges.CONTACT_THINS,
    }
    return {name: _sign(rng, draft, axis, pair) for name, pair in shares.items()}


def _sign(rng: np.random.Generator, draft: Draft, axis: Axis, shares: tuple[float, float]) -> Floats:
    count, churned = len(draft["tier"]), draft["churned"]
    left = ~np.isnan(churned)
    opens = np.maximum(draft["started"], 0) + 60
    ends = np.where(left, churned, axis.cut)
    otherwise = shares[1] * np.maximum(ends - opens, 0) / YEAR
    shows = rng.random(count) < np.where(left, shares[0], otherwise)
    lead = rng.uniform(*ranges.SIGN_LEAD_WEEKS, size=count) * WEEK
    at = np.where(left, churned - lead, rng.uniform(opens, np.maximum(ends, opens + 1)))
    return np.where(shows & (at > opens) & ~draft["pinned"], at, NEVER)


def _cast(draft: Draft, axis: Axis) -> None:
    """Give the first accounts their parts, before anything is drawn about anybody's fate."""
    for place, part in enumerate(CAST):
        country = shape.COUNTRIES.index(part.country)
        given = {
            "tier": part.tier - 1,
            "tier_before": part.tier - 1,
            "tier_moved": NEVER,
            "segment": part.tier - 1,
            "country": country,
            "region": shape.COUNTRY_REGION[country],
            "pinned": True,
            "arr": part.arr,
            "users": part.users,
            "growth": part.growth,
            "term": YEAR,
            "started": np.floor(axis.cut) + part.renews_in - 4 * YEAR + 0.375,
            "mood": 0.35,
        }
        for name, value in given.items():
            draft[name][place] = value


def _play(draft: Draft, axis: Axis) -> None:
    """Let happen to the first accounts what their parts say."""
    draft["silent_since"] = np.full(len(draft["tier"]), NEVER)
    for place, part in enumerate(CAST):
        if part.tickets_a_day is not None:
            draft["tickets_a_day"][place] = part.tickets_a_day
        if part.silent_days is not None:
            draft["silent_since"][place] = axis.cut - part.silent_days
        _fall(draft, place, part, axis)
    loud = place_of("loud_healthy")
    draft["dispersion"][[place_of("quiet_churn"), loud, place_of("silent_tier_1")]] = ranges.DISPERSION[1]


def _unused(draft: Draft, axis: Axis) -> Floats:
    """Return since when nobody uses the accounts of tier 4 that fall silent together, in this very week.

    They are the busiest of those to whom nothing else happens: that they stop is seen in one week of all.
    """
    fed = np.asarray(FEED_OF_REGION)[draft["region"]] == 0
    calm = np.isnan(draft["churned"]) & np.isnan(draft["fall_at"]) & ~draft["pinned"]
    old = draft["started"] < axis.cut - YEAR
    may = np.nonzero((draft["tier"] == 3) & fed & calm & old)[0]
    chosen = may[np.argsort(-draft["users"][may], kind="stable")][: min(SILENT_TOGETHER, len(may) // 3)]
    last_week = (np.floor(axis.cut) - SILENT_DAYS - 7) // WEEK
    since = np.full(len(draft["tier"]), NEVER)
    since[chosen] = (last_week + 1) * WEEK
    return since


def _fall(draft: Draft, place: int, part: Part, axis: Axis) -> None:
    if part.fall is None:
        return
    weeks_ago, takes, left = part.fall
    draft["fall_at"][place] = np.floor(axis.cut) - weeks_ago * WEEK
    draft["fall_days"][place] = takes * WEEK
    draft["fall_left"][place] = left
