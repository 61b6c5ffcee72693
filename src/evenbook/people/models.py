"""Users and teams. What a user may see of the customers is decided in ``book.access``."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


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
    """A person who signs in, by mail address."""

    mail = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20, choices=Role.choices)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="users")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()

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


class SignInAttempt(models.Model):
    """A sign-in that failed; enough of them close the door for a while.

    ``mail_digest`` keeps what was typed from being read: it may be a password in the wrong box.
    """

    mail_digest = models.CharField(max_length=64, db_index=True)
    address = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"failed from {self.address} at {self.at:%Y-%m-%d %H:%M}"
