"""Fact tables. Each row says when it happened and when it became known."""

from __future__ import annotations

from django.db import models

from evenbook.book.models import Account, Person, Versioned

HERE = "evenbook"
"""The source of what people write in the product itself."""


class InteractionKind(models.TextChoices):
    """What a contact or piece of work was; which of them count as coverage is policy."""

    MEETING = "meeting", "Meeting"
    CALL = "call", "Call"
    BUSINESS_REVIEW = "business_review", "Business review"
    STRATEGIC = "strategic", "Strategic call"
    ONBOARDING = "onboarding", "Onboarding session"
    ESCALATION = "escalation", "Escalation call"
    REPLY = "reply", "Customer's reply"
    MAIL = "mail", "Mail sent"
    BULK = "bulk", "Bulk message"
    INTERNAL = "internal", "Internal work"
    ADMIN = "admin", "Administration"
    NOTE = "note", "Note"


class Interaction(Versioned):
    """One dated contact or piece of work on an account."""

    class Status(models.TextChoices):
        BOOKED = "booked", "Booked"
        COMPLETED = "completed", "Completed"
        CANCELLED = "cancelled", "Cancelled"
        NO_SHOW = "no_show", "No show"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="interactions")
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="interactions"
    )
    contact_id_text = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=30, choices=InteractionKind.choices)
    status = models.CharField(max_length=20, choices=Status.choices)
    minutes = models.FloatField(null=True, blank=True)
    customer_present = models.BooleanField(default=False)
    carries_answer = models.BooleanField(default=False)
    action_items = models.IntegerField(null=True, blank=True)
    sentiment = models.FloatField(null=True, blank=True)
    quality = models.FloatField(null=True, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    custom = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["source", "external_id"]),
            models.Index(fields=["account", "-happened_at"]),
            models.Index(fields=["person", "happened_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} with {self.account}"


class TimeEntry(Versioned):
    """Time that a person of the team logged for an account; ``happened_at`` is the day it was worked on."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="time_entries")
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="time_entries"
    )
    minutes = models.FloatField()
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["source", "external_id"]),
            models.Index(fields=["account", "-happened_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.minutes:g} minutes for {self.account}"


class Ticket(Versioned):
    """A support ticket. ``happened_at`` is when it was opened; closing values have their own times."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tickets")
    contact_id_text = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    priority = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=60, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    satisfaction = models.FloatField(null=True, blank=True)
    satisfaction_at = models.DateTimeField(null=True, blank=True)
    custom = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["source", "external_id"]),
            models.Index(fields=["account", "-happened_at"]),
        ]

    def __str__(self) -> str:
        return self.subject or f"Ticket {self.external_id}"


class UsageWeek(models.Model):
    """How much of one measure an account used in a week; a corrected week is a later row."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="usage_weeks", db_index=False)
    week_on = models.DateField()
    measure = models.CharField(max_length=60)
    value = models.FloatField()
    known_at = models.DateTimeField()
    source = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["account", "measure", "week_on"])]

    def __str__(self) -> str:
        return f"{self.account} {self.week_on} {self.measure}: {self.value:g}"


class FeedWeek(models.Model):
    """How complete a usage feed was for a week, 0 to 1. A week without a row was not delivered."""

    source = models.CharField(max_length=60)
    measure = models.CharField(max_length=60)
    week_on = models.DateField()
    share = models.FloatField()
    known_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(share__gte=0) & models.Q(share__lte=1), name="feed_share_is_a_share"
            )
        ]
        indexes = [models.Index(fields=["measure", "week_on"])]

    def __str__(self) -> str:
        return f"{self.source} {self.measure} {self.week_on}: {self.share:.0%}"


class Score(Versioned):
    """A score of an account from outside: health, NPS, CSAT, sentiment.

    ``value`` is 0 to 100, high is good.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="scores")
    kind = models.CharField(max_length=30)
    value = models.FloatField()
    raw = models.CharField(max_length=60)
    scale = models.CharField(max_length=30)
    high_is_good = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(value__gte=0) & models.Q(value__lte=100), name="score_is_0_to_100"
            )
        ]
        indexes = [models.Index(fields=["source", "external_id"]), models.Index(fields=["account", "kind"])]

    def __str__(self) -> str:
        return f"{self.account} {self.kind} {self.value:.0f}"


class Opportunity(Versioned):
    """A sale under way or decided. ``happened_at`` is when it was opened."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="opportunities")
    name = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=30, blank=True)
    stage = models.CharField(max_length=80, blank=True)
    product = models.CharField(max_length=120, blank=True)
    amount_cents = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    probability = models.FloatField(null=True, blank=True)
    expected_on = models.DateField(null=True, blank=True)
    won_at = models.DateTimeField(null=True, blank=True)
    lost_at = models.DateTimeField(null=True, blank=True)
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="opportunities"
    )
    custom = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["source", "external_id"]),
            models.Index(fields=["account", "-happened_at"]),
        ]

    def __str__(self) -> str:
        return self.name or f"Opportunity {self.external_id}"


class Artifact(Versioned):
    """The short written record that closes a loop; ``happened_at`` is when it was written.

    ``closes`` is the key of the loop that it was written for; empty, it closes those of its kind before it.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="artifacts")
    kind = models.CharField(max_length=40)
    author = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="artifacts"
    )
    summary = models.TextField(blank=True)
    fields = models.JSONField(default=dict)
    closes = models.CharField(max_length=320, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["source", "external_id"]), models.Index(fields=["account", "kind"])]

    def __str__(self) -> str:
        return f"{self.kind} for {self.account}"
