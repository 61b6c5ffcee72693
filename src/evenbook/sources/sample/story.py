"""The parts that are always played, whatever the seed: who they are and what happens to them.

The first accounts of every sample company, however large. Pages, documentation and tests may rely on
them by their part. They are left out of every draw of churn, falls and other signs.
"""

from __future__ import annotations

from dataclasses import dataclass

from evenbook.kit.errors import EvenbookError


@dataclass(frozen=True)
class Part:
    """One account with a fixed part.

    Args:
        part: what it plays.
        name: as it is written, whatever the script.
        domain: its mail domain.
        tier: 1 to 4.
        country: its country.
        arr: revenue a year.
        users: weekly users when nothing happens.
        renews_in: days from the as-of day to its next renewal.
        owner: the part of its owner in the team, or nothing for whoever it falls to.
        growth: weekly drift of the logarithm of its users.
        tickets_a_day: its tickets, or None for what its tier has.
        fall: weeks since a fall began, the weeks it takes, the share of users left.
        silent_days: days since the last contact of any kind, or None.
    """

    part: str
    name: str
    domain: str
    tier: int
    country: str
    arr: int
    users: float
    renews_in: int = 240
    owner: str = ""
    growth: float = 0.001
    tickets_a_day: float | None = None
    fall: tuple[float, float, float] | None = None
    silent_days: float | None = None


CAST = (
    Part(
        part="quiet_churn",
        name="Halvorsund Mätteknik AB",
        domain="halvorsund.example",
        tier=1,
        country="SE",
        arr=186_000,
        users=130,
        renews_in=91,
        owner="amara",
        growth=0.0,
        tickets_a_day=0.0,
        fall=(19, 17, 0.38),
        silent_days=16,
    ),
    Part(
        part="loud_healthy",
        name="Pappelmoor Versand GmbH",
        domain="pappelmoor.example",
        tier=2,
        country="DE",
        arr=96_000,
        users=110,
        renews_in=201,
        owner="amara",
        growth=0.006,
        tickets_a_day=0.45,
    ),
    Part(
        part="silent_tier_1",
        name="Corvane & Ashwick Mutual Ltd",
        domain="corvane-ashwick.example",
        tier=1,
        country="GB",
        arr=164_000,
        users=95,
        renews_in=163,
        owner="dana",
        growth=0.0,
        tickets_a_day=0.01,
        silent_days=131,
    ),
    Part(
        part="duplicate",
        name="Brüggenhöfer Kältetechnik GmbH",
        domain="brueggenhoefer.example",
        tier=2,
        country="DE",
        arr=44_000,
        users=30,
        renews_in=120,
    ),
    Part(
        part="mismatched",
        name="Ilexa Cargo Corp.",
        domain="ilexa.example",
        tier=4,
        country="CA",
        arr=132_000,
        users=90,
        renews_in=178,
        owner="bot",
    ),
    Part(
        part="right_to_left",
        name="شركة نورفالا للبرمجيات",
        domain="norvala.example",
        tier=2,
        country="SG",
        arr=52_000,
        users=34,
    ),
    Part(
        part="long_name",
        name="Gemeinnützige Genossenschaft für kommunale Wasserwirtschaft, Abwasserbehandlung und "
        "Klärschlammverwertung Obertalbrunn-Niedermoosbach eG",
        domain="obertalbrunn-niedermoosbach.example",
        tier=3,
        country="DE",
        arr=12_000,
        users=11,
    ),
    Part(
        part="accents",
        name="Épicerie Nœuvrelle & Fils SAS",
        domain="noeuvrelle.example",
        tier=3,
        country="FR",
        arr=9_500,
        users=8,
    ),
    Part(
        part="ideographs",
        name="株式会社ネムリ製作所",
        domain="nemuri.example",
        tier=2,
        country="JP",
        arr=41_000,
        users=28,
    ),
    Part(
        part="quotes",
        name='O\'Tarly & Dunnevale "Works", Ltd',
        domain="otarly.example",
        tier=3,
        country="GB",
        arr=11_000,
        users=9,
    ),
    Part(
        part="formula",
        name="@Ellimoor Media Pty Ltd",
        domain="ellimoor.example",
        tier=2,
        country="AU",
        arr=29_000,
        users=20,
    ),
)

PLACES = {role.part: place for place, role in enumerate(CAST)}
"""Where each part stands among the accounts."""

FEEDS = ("product", "product-ap")
"""Where usage comes from: Asia-Pacific has a feed of its own."""

FEED_OF_REGION = (0, 0, 1)


@dataclass(frozen=True)
class Outage:
    """Weeks that a feed did not deliver, counted back from the last whole one, which is 1.

    The first of them still delivered ``first_share`` of the accounts; the others nothing.
    """

    feed: int
    first_week: int
    last_week: int
    first_share: float


OUTAGES = (
    Outage(feed=1, first_week=3, last_week=1, first_share=0.31),
    Outage(feed=0, first_week=58, last_week=58, first_share=0.22),
)
"""The Asia-Pacific feed broke three weeks ago and still is; the other one lost a week last year."""


@dataclass(frozen=True)
class Member:
    """One person with a fixed part in the team."""

    part: str
    name: str
    role: str
    team: str
    region: str
    time_zone: str
    languages: tuple[str, ...]


TEAMS = ("Customer Success", "Harbor", "Ridge")
"""All of it, and its two halves."""

MEMBERS = (
    Member("amara", "Amara Vennholt", "csm", "Harbor", "GB", "Europe/London", ("en", "sv", "de")),
    Member("ben", "Ben Corrowick", "csm", "Harbor", "DE", "Europe/Berlin", ("de", "en")),
    Member("chidi", "Chidi Aldermoor", "csm", "Ridge", "US", "America/Chicago", ("en", "fr")),
    Member("dana", "Dana Quillgrave", "csm", "Ridge", "US", "America/New_York", ("en", "es")),
    Member("tomas", "Tomás Lindely", "csm", "Ridge", "ES", "Europe/Madrid", ("es", "pt", "en")),
    Member("farah", "Farah Ostercroft", "csm", "Harbor", "FR", "Europe/Paris", ("fr", "ar", "en")),
    Member("haruka", "Haruka Tarnfold", "csm", "Harbor", "SG", "Asia/Singapore", ("ja", "en")),
    Member("nuala", "Nuala Pennister", "csm", "Ridge", "US", "America/Denver", ("en",)),
)
"""The CSMs. Dana carries too much, Tomás has just started, Nuala is part-time and runs the digital pool."""

LEADER = Member(
    "ingrid", "Ingrid Solmede", "leader", "Customer Success", "DE", "Europe/Berlin", ("de", "en", "sv")
)
OPERATIONS = Member(
    "omar", "Omar Hallobury", "operations", "Customer Success", "GB", "Europe/London", ("en", "ar")
)
EXECUTIVE = Member(
    "vera", "Věra Rothkvist", "executive", "Customer Success", "US", "America/New_York", ("en", "cs")
)
DEPARTED = Member("ruth", "Ruth Marrdane", "csm", "Ridge", "US", "America/Chicago", ("en",))


class SampleRefused(EvenbookError):
    """The sample company can't be made as asked."""

    kind = "sample-refused"


def place_of(part: str) -> int:
    """Return where a part stands among the accounts, from 0."""
    return PLACES[part]


def key_of(part: str) -> str:
    """Return the public id of the account that plays a part."""
    return f"A-{PLACES[part] + 1:05d}"
