"""Openings with everything that became of them, the expansion list as runs drew it up, and opt-out trials."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from evenbook.book.models import Account, Person
from evenbook.runs.models import Run

LONGEST_KEY = 200
LONGEST_NAME = 120
LONGEST_NOTE = 500
LONGEST_REASON = 300


class Opening(models.Model):
    """Something a customer may want beyond what they have: who saw it, where, and how it stands.

    ``key`` names it for ever: what is sent again under it changes nothing. ``opener`` is one of us, empty
    where the customer raised the hand. ``held_at`` is since when nobody reaches out because the account is
    being saved, ``released_at`` when that ended. ``owner`` takes it to yes or no. Money in minor units.
    """

    class Role(models.TextChoices):
        IMPLEMENTATION = "implementation", "Implementation"
        SUPPORT = "support", "Support"
        CSM = "csm", "Retention CSM"
        OTHER = "other", "Somebody else of ours"
        PROMPT = "prompt", "Prompt in the product"
        CADENCE = "cadence", "Mail cadence"
        REVIEW = "review", "Reply to a review"

    class Source(models.TextChoices):
        ACCOUNT = "account", "Account page"
        TICKET = "ticket", "Ticket"
        CALL = "call", "Call or meeting"
        ARTIFACT = "artifact", "Artifact"
        HOT_SHEET = "hot_sheet", "Hot sheet"
        LIST = "list", "Expansion list"
        REVIEW = "review", "Business review"
        PRODUCT = "product", "The product"
        MAIL = "mail", "Mail"

    class Wants(models.TextChoices):
        EXPANSION = "expansion", "To have more"
        MEETING = "meeting", "To meet"

    class State(models.TextChoices):
        OPENED = "opened", "Waits for a first answer"
        ANSWERED = "answered", "Answered"
        TALKS = "talks", "In talks"
        WON = "won", "Won"
        LOST = "lost", "Lost"
        DROPPED = "dropped", "Dropped"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="openings")
    key = models.CharField(max_length=LONGEST_KEY, unique=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    source = models.CharField(max_length=20, choices=Source.choices)
    wants = models.CharField(max_length=12, choices=Wants.choices, default=Wants.EXPANSION)
    product = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    about = models.CharField(max_length=320, blank=True)
    opener = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="opened")
    opened_by = models.CharField(max_length=LONGEST_NAME)
    opened_at = models.DateTimeField()
    owner = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="openings")
    routed = models.CharField(max_length=LONGEST_REASON)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPENED)
    held_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    amount_cents = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "-opened_at"]),
            models.Index(fields=["state", "opened_at"]),
            models.Index(fields=["owner", "state"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["won", "lost", "dropped"], closed_at__isnull=False)
                | (~Q(state__in=["won", "lost", "dropped"]) & Q(closed_at=None)),
                name="what_is_closed_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="won") | Q(amount_cents__isnull=False), name="what_is_won_has_an_amount"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["lost", "dropped"]) | ~Q(reason=""),
                name="what_is_lost_or_dropped_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(amount_cents=None) | (Q(amount_cents__gte=0) & ~Q(currency="")),
                name="an_amount_has_a_currency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.product or self.wants}"


class OpeningEvent(models.Model):
    """One thing that became of an opening; they are only added, so any past day can be told again."""

    class Kind(models.TextChoices):
        OPENED = "opened", "Opened"
        ROUTED = "routed", "Given to its owner"
        HELD = "held", "Held until the save is closed"
        RELEASED = "released", "Released"
        ANSWERED = "answered", "Answered"
        TALKS = "talks", "In talks"
        WON = "won", "Won"
        LOST = "lost", "Lost"
        DROPPED = "dropped", "Dropped"

    opening = models.ForeignKey(Opening, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.CharField(max_length=LONGEST_NAME)
    owner = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="opening_events")
    amount_cents = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)

    class Meta:
        indexes = [models.Index(fields=["opening", "at"]), models.Index(fields=["kind", "at"])]

    def __str__(self) -> str:
        return f"{self.opening}: {self.kind}"


class ListRow(models.Model):
    """One row of the expansion list of a run: why it stands there, and what could be reached.

    ``whitespace`` is how many products they do not have, ``proven`` the points of value already had,
    ``reached_on`` the last meeting that was completed within the cycles of policy.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="expansion_rows")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="expansion_rows")
    rank = models.IntegerField()
    points = models.FloatField()
    arr_cents = models.BigIntegerField(null=True)
    products = models.IntegerField()
    whitespace = models.IntegerField()
    reached_on = models.DateField(null=True)
    is_held = models.BooleanField()
    hands = models.IntegerField()
    reasons = models.JSONField(default=list)
    flags = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "account"], name="once_on_the_expansion_list")]
        indexes = [models.Index(fields=["run", "rank"])]

    def __str__(self) -> str:
        return f"{self.rank}. {self.account}"


class MentionRow(models.Model):
    """What is worth a mention at an account as of a run: which product, who says it when, and why now."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="mentions")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="mentions")
    product = models.CharField(max_length=120)
    who = models.CharField(max_length=20)
    says = models.CharField(max_length=300)
    because = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "account", "product"], name="one_mention_a_product")
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.product}"


class AddonRow(models.Model):
    """A product as of a run: training and adoption of the accounts that have it, and of the others."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="addons")
    product = models.CharField(max_length=120)
    accounts = models.IntegerField()
    hours_with = models.FloatField(null=True)
    seats_with = models.FloatField(null=True)
    others = models.IntegerField()
    hours_without = models.FloatField(null=True)
    seats_without = models.FloatField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "product"], name="one_addon_row_a_product")]

    def __str__(self) -> str:
        return self.product


class SigningKey(models.Model):
    """What a product signs raised hands with. The secret is worked out from ``salt`` and kept nowhere."""

    name = models.CharField(max_length=LONGEST_NAME)
    key = models.CharField(max_length=40, unique=True)
    salt = models.CharField(max_length=64)
    made_by = models.CharField(max_length=LONGEST_NAME)
    made_at = models.DateTimeField()
    ended_by = models.CharField(max_length=LONGEST_NAME, blank=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class SeenHand(models.Model):
    """A signed hand that was taken, so that nobody sends the very same again within its time."""

    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest


class Trial(models.Model):
    """An opt-out trial of an add-on at a customer: from when to when, and whether they kept it."""

    class Outcome(models.TextChoices):
        KEPT = "kept", "Kept"
        OPTED_OUT = "opted_out", "Opted out"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="trials")
    product = models.CharField(max_length=120)
    first_on = models.DateField()
    last_on = models.DateField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    ended_on = models.DateField(null=True)
    note = models.CharField(max_length=LONGEST_REASON, blank=True)
    recorded_by = models.CharField(max_length=LONGEST_NAME)
    recorded_at = models.DateTimeField()
    decided_by = models.CharField(max_length=LONGEST_NAME, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "product", "first_on"], name="one_trial_a_start"),
            models.CheckConstraint(
                condition=Q(last_on__gte=models.F("first_on")), name="trial_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", ended_on=None) | (~Q(outcome="") & Q(ended_on__isnull=False)),
                name="what_came_of_a_trial_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.product} from {self.first_on}"
