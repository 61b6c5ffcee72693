"""Users, teams, and how users come in. What a user may see of the customers is decided in ``book.access``."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac

SESSION_SALT = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
"""As the framework has it, so that sessions of earlier versions go on."""


class Role(models.TextChoices):
    """What a person is in the product; every rule of access starts here."""

    EXECUTIVE = "executive", "Executive"
    LEADER = "leader", "Leader"
    CSM = "csm", "CSM"
    OPERATIONS = "operations", "Operations"
    READER = "reader", "Read-only"


class Team(models.Model):
    """A team of the CS organisation; teams form a tree."""

    name = models.CharField(max_length=120, unique=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )

    def __str__(self) -> str:
        return self.name


class Users(BaseUserManager["User"]):
    """Finds users by their mail address, in any case."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(mail__iexact=(username or "").strip())


class User(AbstractBaseUser):
    """A person who signs in, by mail address.

    ``sessions_ended`` counts how often all their sessions were ended at once. It is part of what a
    session has to match, so they end in every process at the same moment.
    """

    mail = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20, choices=Role.choices)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="users")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()
    sessions_ended = models.PositiveIntegerField(default=0)

    objects: ClassVar[Users] = Users()

    USERNAME_FIELD = "mail"
    EMAIL_FIELD = "mail"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "role"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="user_role_is_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        ended = f"/{self.sessions_ended}" if self.sessions_ended else ""
        return salted_hmac(SESSION_SALT, self.password + ended, secret=secret, algorithm="sha256").hexdigest()


class SignInAttempt(models.Model):
    """A sign-in that failed; enough of them close the door for a while.

    ``mail_digest`` keeps what was typed from being read: it may be a password in the wrong box.
    ``door`` is what was tried: a password, a code, or asking for a mail.
    """

    door = models.CharField(max_length=20, default="password")
    mail_digest = models.CharField(max_length=64, db_index=True)
    address = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"failed from {self.address} at {self.at:%Y-%m-%d %H:%M}"


class ServiceToken(models.Model):
    """What a program signs in with: a role, narrowed by scopes, until a day.

    Only the digest of the secret is kept; ``beginning`` lets people tell one token from another.
    """

    name = models.CharField(max_length=120)
    beginning = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="tokens")
    scopes = models.JSONField(default=list)
    made_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="tokens")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="token_role_is_known"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="token_expires_after_it_was_made"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.beginning}…)"


class AuditEntry(models.Model):
    """Who did what to what, when, and through which surface. The database refuses to change or drop one.

    It points at nothing by key, so that what it tells of may go and the entry stays.
    """

    at = models.DateTimeField(db_index=True)
    by_user = models.BigIntegerField(null=True, blank=True, db_index=True)
    by_token = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField(max_length=120)
    surface = models.CharField(max_length=12)
    what = models.CharField(max_length=60, db_index=True)
    thing_kind = models.CharField(max_length=40)
    thing_id = models.CharField(max_length=200)
    thing_name = models.CharField(max_length=300, blank=True)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    rows = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["thing_kind", "thing_id"])]

    def __str__(self) -> str:
        return f"{self.what} {self.thing_name or self.thing_id} by {self.by_name}"


class OpenSession(models.Model):
    """A browser that is signed in, as its owner sees it in the list of sessions.

    ``key`` is the key of the session itself; it never leaves the server in any other way than as the
    cookie of that browser.
    """

    class How(models.TextChoices):
        PASSWORD = "password", "password"
        CODE = "code", "password and code"
        SINGLE = "single", "single sign-on"
        SINGLE_AND_CODE = "single-code", "single sign-on and code"
        LINK = "link", "link from a mail"
        DEMO = "demo", "one click of the demo"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="open_sessions")
    key = models.CharField(max_length=40, unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
    address = models.CharField(max_length=64)
    browser = models.CharField(max_length=200)
    how = models.CharField(max_length=20, choices=How.choices)

    def __str__(self) -> str:
        return f"session of {self.user_id} since {self.started_at:%Y-%m-%d %H:%M}"


class SignInLink(models.Model):
    """A link that was mailed: an invitation, or the way to a new password. It works once.

    Only the digest of what stands in the link is kept.
    """

    class Purpose(models.TextChoices):
        INVITATION = "invitation", "Invitation"
        RESET = "reset", "New password"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return (
            f"{self.get_purpose_display().lower()} of {self.user_id}, until {self.expires_at:%Y-%m-%d %H:%M}"
        )


class MailChoice(models.Model):
    """Whether somebody wants mails of a kind; without it policy says. Mails of security ask nobody."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="mail_choices")
    kind = models.CharField(max_length=40)
    is_wanted = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="one_choice_a_kind_of_mail"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.user_id}: {'yes' if self.is_wanted else 'no'}"


class CalendarFeed(models.Model):
    """The secret address of somebody's own calendar. Only the digest of what stands in it is kept."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="calendar_feed")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"calendar of {self.user_id}"


class Forgotten(models.Model):
    """Somebody whose name was taken out of everything: digests of what they were called, and no more.

    ``marks`` are digests with how many words each has and what it is, ``ids`` digests of what sources call
    them. All rows share the ``salt`` of the first.
    """

    kind = models.CharField(max_length=10)
    salt = models.CharField(max_length=64)
    marks = models.JSONField(default=list)
    ids = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "forgotten"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["person", "contact"]), name="forgotten_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"former {self.kind} {self.pk}"
