"""The hot sheet as a run drew it up, the work on its rows, and how the sheets of the past did."""

from __future__ import annotations

from dataclasses import fields

from django.db import models

from evenbook.book.models import Account, Person, Pool
from evenbook.hotsheet.rules.cases import Case
from evenbook.runs.models import Run

LONGEST_NOTE = 300
LONGEST_NAME = 120


class HotRow(models.Model):
    """One row of the sheet: rank, points, ARR expected at risk, and each reason with its points.

    ``overflow`` says why its person can't work it in the week; empty where they can. See ``hot_work.sql``.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="hot_rows")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="hot_rows")
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="hot_rows")
    pool = models.ForeignKey(Pool, null=True, on_delete=models.CASCADE, related_name="hot_rows")
    rank = models.IntegerField()
    points = models.FloatField()
    arr_cents = models.BigIntegerField(null=True)
    expected_cents = models.BigIntegerField(null=True)
    reasons = models.JSONField(default=list)
    play = models.CharField(max_length=200, blank=True)
    change = models.CharField(max_length=300, blank=True)
    overflow = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "account"], name="once_on_the_sheet")]
        indexes = [models.Index(fields=["run", "rank"])]

    def __str__(self) -> str:
        return f"{self.rank}. {self.account}"


class HotCase(models.Model):
    """The work on an account from the sheet that it came onto to its end.

    Attributes:
        began_on: day of that sheet.
        due_on: the last day for a first action.
        renews_on: the renewal that was ahead then.
        acted_on: day of the first action since; ``act`` says what it was, ``acted_known_on`` since when it
            is known.
        claimed_on, claimed_by: since when, and by whom, it is held saved by hand.
        calm_on: since when it is neither on a sheet nor in a bad state.
        ended_on, ended_known_on: the day of its end, and since when that is known.
        ending, why: how it ended, and the fact that ended it, in words.
    """

    class Ending(models.TextChoices):
        SAVED = "saved", "Saved"
        LOST = "lost", "Lost"
        FALSE_ALARM = "false_alarm", "False alarm"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="hot_cases")
    began_on = models.DateField()
    due_on = models.DateField()
    renews_on = models.DateField(null=True)
    acted_on = models.DateField(null=True)
    acted_known_on = models.DateField(null=True)
    act = models.CharField(max_length=LONGEST_NOTE, blank=True)
    claimed_on = models.DateField(null=True)
    claimed_by = models.CharField(max_length=LONGEST_NAME, blank=True)
    calm_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_known_on = models.DateField(null=True)
    ending = models.CharField(max_length=20, choices=Ending.choices, blank=True)
    why = models.CharField(max_length=LONGEST_NOTE, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(ended_on=None), name="one_open_case_an_account"
            ),
            models.UniqueConstraint(fields=["account", "began_on"], name="one_case_a_sheet"),
            models.CheckConstraint(
                condition=models.Q(ended_on=None, ending="")
                | (models.Q(ended_on__isnull=False) & ~models.Q(ending="")),
                name="an_ended_case_has_an_ending",
            ),
        ]
        indexes = [models.Index(fields=["ended_on"])]

    def __str__(self) -> str:
        return f"{self.account} since {self.began_on}"

    def told(self) -> Case:
        """Return it as the rules take it."""
        held = {each.name: getattr(self, each.name) for each in fields(Case) if each.name != "account"}
        return Case(account=self.account_id, **held)


class HotMark(models.Model):
    """What somebody said by hand of the work on an account: a row each, which stays when it is taken back."""

    class Kind(models.TextChoices):
        WORKING = "working", "Working"
        SAVED = "saved", "Saved"
        FALSE_ALARM = "false-alarm", "False alarm"

    case = models.ForeignKey(HotCase, on_delete=models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.CharField(max_length=LONGEST_NAME)
    taken_back_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} by {self.by}"


class Replay(models.Model):
    """How the sheets of all past weeks did, and what their points were worth.

    ``fared`` holds ``rules.replayed.Fared`` as plain values, ``learned`` a ``rules.learned.Learned``;
    ``policy_version`` is the one in force when it was made, by which the sheets were drawn up; where
    ``by_policy`` is *then*, each week by the one in force on its day: ``versions`` holds pairs of a
    version and its weeks, the oldest first.
    """

    class ByPolicy(models.TextChoices):
        NOW = "now", "The policy in force now"
        THEN = "then", "The policy in force in each week"

    class State(models.TextChoices):
        PROPOSED = "proposed", "Waits to be adopted"
        ADOPTED = "adopted", "Adopted"
        SUPERSEDED = "superseded", "Replaced by a later one"
        NOTHING = "nothing", "Nothing to adopt"

    as_of = models.DateField()
    policy_version = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=LONGEST_NAME)
    by_policy = models.CharField(max_length=4, choices=ByPolicy.choices, default=ByPolicy.NOW)
    versions = models.JSONField(default=list)
    first_on = models.DateField(null=True)
    weeks = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    fared = models.JSONField(default=list)
    learned = models.JSONField(default=dict)
    state = models.CharField(max_length=20, choices=State.choices)
    adopted_at = models.DateTimeField(null=True)
    adopted_by = models.CharField(max_length=LONGEST_NAME, blank=True)
    adopted_version = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="proposed"), name="one_replay_waits"
            ),
            models.CheckConstraint(
                condition=models.Q(state="adopted", adopted_version__isnull=False)
                | (~models.Q(state="adopted") & models.Q(adopted_version=None)),
                name="an_adopted_replay_has_a_version",
            ),
        ]

    def __str__(self) -> str:
        return f"Replay as of {self.as_of}"


class ReplayLoss(models.Model):
    """A loss that the newest replay found: since when the account stood on the sheet, if it did."""

    replay = models.ForeignKey(Replay, on_delete=models.CASCADE, related_name="losses")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="hot_losses")
    happened_on = models.DateField()
    lost_cents = models.BigIntegerField(null=True)
    is_churn = models.BooleanField()
    listed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["replay", "account", "happened_on"], name="once_a_loss"),
        ]

    def __str__(self) -> str:
        return f"{self.account} on {self.happened_on}"
