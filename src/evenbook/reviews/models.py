"""Batches of reviews, the review of each account, its link, and what the organization writes into them.

What a review says stands in ``contents`` as it was drawn up, so that what was approved is what is read.
Of a link only the digest is kept.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from evenbook.book.models import Account


class Wording(models.Model):
    """How reviews are worded for a tier and a segment, one version of it; nothing is overwritten.

    ``tier`` 0 and an empty ``segment`` mean any.
    """

    tier = models.IntegerField(default=0)
    segment = models.CharField(max_length=60, blank=True)
    number = models.IntegerField()
    texts = models.JSONField(default=dict)
    note = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tier", "segment", "number"], name="one_wording_a_number")
        ]

    def __str__(self) -> str:
        return f"wording {self.number} of tier {self.tier} {self.segment}"


class Master(models.Model):
    """The organization's own slides as the master of decks, as it was uploaded and checked."""

    name = models.CharField(max_length=200)
    file = models.BinaryField()
    digest = models.CharField(max_length=64)
    findings = models.JSONField(default=list)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return self.name


class ReleaseNote(models.Model):
    """What is new in a product since a day; an empty ``product`` is told to all."""

    product = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=120)
    words = models.CharField(max_length=500)
    released_on = models.DateField()
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["released_on"])]

    def __str__(self) -> str:
        return self.title


class ShippedRequest(models.Model):
    """A request of customers that shipped, with those who asked for it."""

    title = models.CharField(max_length=120)
    words = models.CharField(max_length=500)
    shipped_on = models.DateField()
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["shipped_on"])]

    def __str__(self) -> str:
        return self.title


class AskedFor(models.Model):
    """That an account had asked for what shipped; ``ticket`` is the ticket in which it did, by its id."""

    request = models.ForeignKey(ShippedRequest, on_delete=models.CASCADE, related_name="asked_by")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="shipped_requests")
    ticket = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "account"], name="once_asked_for_a_request")
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.request}"


class OptOut(models.Model):
    """That an account does not want reviews, until withdrawn."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="review_opt_outs")
    reason = models.CharField(max_length=300)
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(withdrawn_at=None), name="one_opt_out_an_account"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.reason}"


class ReviewBatch(models.Model):
    """Reviews that are approved and sent together."""

    class State(models.TextChoices):
        DRAWING = "drawing", "Being drawn up"
        DRAFT = "draft", "Waits for approval"
        APPROVED = "approved", "Being sent"
        SENT = "sent", "Sent"
        CANCELLED = "cancelled", "Cancelled"

    title = models.CharField(max_length=120)
    as_of = models.DateField()
    policy_version = models.IntegerField()
    asked = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAWING)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.CharField(max_length=120, blank=True)
    link_days = models.IntegerField()
    attaches = models.CharField(max_length=4, blank=True)
    attach_most_kb = models.IntegerField(default=0)
    master = models.ForeignKey(Master, null=True, on_delete=models.PROTECT, related_name="batches")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "sent"]) | Q(approved_at__isnull=False),
                name="nothing_is_sent_unapproved",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Review(models.Model):
    """The review of one account in a batch.

    ``holds`` are the rules that hold it back, each with its reason in words; ``override`` is why it goes
    all the same. ``contents`` is what it says.
    """

    class State(models.TextChoices):
        READY = "ready", "Ready"
        HELD = "held", "Held back"
        SENT = "sent", "Mailed"
        MADE = "made", "Made, not mailed"
        DROPPED = "dropped", "Cancelled"

    batch = models.ForeignKey(ReviewBatch, on_delete=models.CASCADE, related_name="reviews")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="reviews")
    state = models.CharField(max_length=12, choices=State.choices)
    contents = models.JSONField(default=dict)
    slides = models.IntegerField(default=0)
    holds = models.JSONField(default=list)
    override = models.CharField(max_length=300, blank=True)
    overridden_by = models.CharField(max_length=120, blank=True)
    overridden_at = models.DateTimeField(null=True)
    reader_name = models.CharField(max_length=200, blank=True)
    reader_mail = models.EmailField(blank=True)
    in_sample = models.BooleanField(default=False)
    looked_at = models.DateTimeField(null=True)
    looked_by = models.CharField(max_length=120, blank=True)
    done_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "account"], name="one_review_an_account_and_batch")
        ]
        indexes = [models.Index(fields=["batch", "state"]), models.Index(fields=["account", "done_at"])]

    def __str__(self) -> str:
        return f"review of {self.account}"


class ReviewLink(models.Model):
    """A signed link to one review: it ends by itself, or when somebody ends it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=120)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return f"link to {self.review}"


class Opening(models.Model):
    """That a review was opened on a day, once a day however often."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="openings")
    opened_on = models.DateField()
    first_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "opened_on"], name="one_opening_a_review_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.review} on {self.opened_on}"


class RaisedHand(models.Model):
    """That a reader asked to be called or for more, once a review; ``routed`` says where it went.

    ``opening`` is the number of the opening that it became.
    """

    class Wants(models.TextChoices):
        MEETING = "meeting", "A talk"
        EXPANSION = "expansion", "More of the product"

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="hand")
    wants = models.CharField(max_length=12, choices=Wants.choices)
    note = models.CharField(max_length=500, blank=True)
    contact = models.CharField(max_length=120, blank=True)
    raised_at = models.DateTimeField()
    routed = models.CharField(max_length=300, blank=True)
    opening = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.get_wants_display()}: {self.review}"
