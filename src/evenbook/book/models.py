"""The book as dated facts.

Every value carries when it happened and when it became known. What changes over time
(tier, owner, revenue) is an append-only history; nothing here is overwritten except names.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Dated(models.Model):
    """When a value happened, when it became known, and whether the latter is assumed."""

    happened_at = models.DateTimeField()
    known_at = models.DateTimeField()
    assumed = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Versioned(Dated):
    """A row that holds from ``known_at`` until a later version of it became known.

    ``fingerprint`` is the digest of the values as the source gave them: a repeated load that
    finds it unchanged writes nothing.
    """

    source = models.CharField(max_length=60)
    external_id = models.CharField(max_length=200)
    known_until = models.DateTimeField(null=True, blank=True)
    fingerprint = models.CharField(max_length=32)

    class Meta:
        abstract = True


class Person(models.Model):
    """A member of the CS team, or whoever owns accounts in the CRM."""

    key = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    mail = models.EmailField(blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="person"
    )
    role = models.CharField(max_length=40, default="csm")
    team = models.CharField(max_length=120, blank=True)
    is_person = models.BooleanField(default=True)
    started_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    working_share = models.FloatField(default=1.0)
    monthly_hours = models.FloatField(null=True, blank=True)
    region = models.CharField(max_length=60, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    languages = models.JSONField(default=list)
    industries = models.JSONField(default=list)
    custom = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(working_share__gte=0) & models.Q(working_share__lte=1),
                name="working_share_is_a_share",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PersonAlias(models.Model):
    """Another name or id by which a source calls a person."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="aliases")
    source = models.CharField(max_length=60)
    external_id = models.CharField(max_length=200)

    class Meta:
        verbose_name_plural = "person aliases"
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="one_person_an_alias")]

    def __str__(self) -> str:
        return f"{self.source}: {self.external_id}"


class Withdrawn(Dated):
    """A row that holds until it is withdrawn; what rested on it before then still does."""

    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class Leave(Withdrawn):
    """Days on which a person is away, and who covers.

    ``external_id`` is the event's id in the calendar that it came from, ``revision`` how often that one
    had changed it.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="leaves")
    first_on = models.DateField()
    last_on = models.DateField()
    kind = models.CharField(max_length=40, default="leave")
    cover = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="covers")
    external_id = models.CharField(max_length=300, blank=True)
    revision = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(last_on__gte=models.F("first_on")), name="leave_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} away {self.first_on} to {self.last_on}"


class PersonRole(Dated):
    """The role that a person has from a day on, as it became known; a later row changes it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=40)
    first_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.person} is {self.role} from {self.first_on}"


class PersonMachine(Dated):
    """Which machine somebody says they are made for, or was staffed to, from a day on; a later row counts.

    ``kind`` is ``stated`` with ``operator`` or ``seller``, or ``staffed`` with ``retention`` or
    ``expansion``; an empty value takes it back.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="machines")
    kind = models.CharField(max_length=10)
    value = models.CharField(max_length=20, blank=True)
    first_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="stated", value__in=["", "operator", "seller"])
                | models.Q(kind="staffed", value__in=["", "retention", "expansion"]),
                name="a_machine_is_stated_or_staffed",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.kind}: {self.value} from {self.first_on}"


class CapacityAdjustment(Withdrawn):
    """Hours a month added to or taken from a person's capacity, with the reason."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="adjustments")
    first_on = models.DateField()
    last_on = models.DateField(null=True, blank=True)
    hours = models.FloatField()
    reason = models.CharField(max_length=300)

    def __str__(self) -> str:
        return f"{self.person} {self.hours:+.0f} h: {self.reason}"


class OwnCeiling(Withdrawn):
    """How many strategic interactions a week this person can hold well, in the place of their role's."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="ceilings")
    first_on = models.DateField()
    last_on = models.DateField(null=True, blank=True)
    a_week = models.FloatField()
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(a_week__gt=0), name="own_ceiling_is_above_zero")
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.a_week:g} a week: {self.reason}"


class Pool(models.Model):
    """A shared queue that owns accounts instead of one person."""

    key = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    lead = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="leads")

    def __str__(self) -> str:
        return self.name


class PoolMember(models.Model):
    """A person's time in a pool, half-open in days."""

    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="pools")
    since_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.person} in {self.pool}"


class Account(models.Model):
    """A customer company. Its identity only: what is said of it over time is in histories."""

    key = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=300)
    matched_name = models.CharField(max_length=300, db_index=True)
    domain = models.CharField(max_length=253, blank=True, db_index=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children"
    )
    started_at = models.DateTimeField(null=True, blank=True)
    known_at = models.DateTimeField()
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged"
    )
    custom = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name


class AccountAlias(models.Model):
    """The id by which a source calls an account, and what that source last said of it."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="aliases")
    source = models.CharField(max_length=60)
    external_id = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=32, blank=True)

    class Meta:
        verbose_name_plural = "account aliases"
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="one_account_an_alias")]

    def __str__(self) -> str:
        return f"{self.source}: {self.external_id}"


class AccountValue(Dated):
    """One dated value of an account: tier, segment, stage, region, industry, status, products, complexity…

    The value in force on a day is the one that happened last among those known by then.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="values")
    name = models.CharField(max_length=60)
    value = models.CharField(max_length=300)
    source = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["account", "name"])]

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"


class Ownership(Dated):
    """Who owns an account in a role from an instant on; neither person nor pool means nobody."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="ownerships")
    role = models.CharField(max_length=40, default="owner")
    person = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="ownerships"
    )
    pool = models.ForeignKey(Pool, null=True, blank=True, on_delete=models.PROTECT, related_name="ownerships")
    reason = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) | models.Q(pool__isnull=True),
                name="a_person_or_a_pool",
            )
        ]
        indexes = [models.Index(fields=["account", "role"])]

    def __str__(self) -> str:
        return f"{self.account}: {self.person or self.pool or 'nobody'}"


class Handover(models.Model):
    """That somebody hands an account to somebody else on a day, as it was announced; it changes no owner.

    ``role`` is what the giver has there: the owner's, else the first of their roles; the others go with it,
    but where it is said that the role passes on ``alone``.
    ``back_on`` is the day on which the giver takes it back, where they do; ``asks_brief`` says whether
    a transfer brief is owed for it.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="handovers")
    role = models.CharField(max_length=40, default="owner")
    alone = models.BooleanField(default=False)
    giver = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="gives")
    receiver = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="receives")
    first_on = models.DateField()
    back_on = models.DateField(null=True, blank=True)
    asks_brief = models.BooleanField()
    announced_at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.account}: {self.giver} to {self.receiver} on {self.first_on}"


class Contact(Versioned):
    """A person on the customer's side."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=200)
    mail = models.EmailField(blank=True)
    title = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=60, blank=True)
    is_champion = models.BooleanField(default=False)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["source", "external_id"])]

    def __str__(self) -> str:
        return self.name


class Contract(Versioned):
    """A contract or subscription; its revenue is in movements."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="contracts")
    product = models.CharField(max_length=120, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    renews_on = models.DateField(null=True, blank=True)
    renewed_at = models.DateTimeField(null=True, blank=True)
    lost_at = models.DateTimeField(null=True, blank=True)
    arr_cents = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    seats = models.IntegerField(null=True, blank=True)
    custom = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["source", "external_id"])]

    def __str__(self) -> str:
        return f"{self.account}: {self.product or 'contract'} from {self.starts_on}"


class RevenueMovement(Dated):
    """A change of an account's yearly recurring revenue. The revenue on a day is their sum."""

    class Kind(models.TextChoices):
        NEW = "new", "New"
        EXPANSION = "expansion", "Expansion"
        CONTRACTION = "contraction", "Contraction"
        CHURN = "churn", "Churn"
        STATED = "stated", "As stated"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="movements")
    contract_id_text = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    change_cents = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    original_cents = models.BigIntegerField(null=True, blank=True)
    original_currency = models.CharField(max_length=3, blank=True)
    source = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["account", "happened_at"])]

    def __str__(self) -> str:
        return f"{self.account}: {self.change_cents / 100:+,.0f} {self.currency}"
