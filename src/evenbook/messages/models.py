"""The outbox of mails. One that was sent keeps neither text nor file: it may have held a link to a door."""

from __future__ import annotations

from django.db import models


class Mail(models.Model):
    """One mail to one address.

    ``due_at`` is when it is tried next; whoever tries it first moves it ahead, so that nobody else
    tries at the same time. ``trouble`` says in our own words why the last try came to nothing.
    """

    class Standing(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        GIVEN_UP = "given_up", "Given up"

    key = models.CharField(max_length=200, unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    file = models.BinaryField(null=True)
    file_name = models.CharField(max_length=120, blank=True)
    file_type = models.CharField(max_length=100, blank=True)
    standing = models.CharField(max_length=20, choices=Standing.choices, default=Standing.WAITING)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    trouble = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["standing", "due_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(standing="waiting", ended_at__isnull=True)
                | (~models.Q(standing="waiting") & models.Q(ended_at__isnull=False)),
                name="mail_that_ended_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk}, {self.get_standing_display().lower()}"
