"""Adding the people who sign in."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from evenbook.kit.errors import EvenbookError
from evenbook.people.models import Role, Team, User


class UserRefused(EvenbookError):
    """A user can't be added as asked."""

    kind = "user-refused"


@transaction.atomic
def add_user(
    *, mail: str, name: str, role: str, now: datetime, password: str | None = None, team: str = ""
) -> User:
    """Add a user, or bring an existing one to this name, role and team.

    Without a password the user cannot sign in until one is set.

    Raises:
        UserRefused: the role is unknown or the password is too weak.
    """
    if role not in Role.values:
        raise UserRefused(f"There is no role '{role}'.", fix=f"Use one of: {', '.join(Role.values)}.")
    found = User.objects.filter(mail__iexact=mail.strip()).first()
    user = found or User(mail=mail.strip().lower(), joined_at=now)
    user.name, user.role = name, role
    user.team = Team.objects.get_or_create(name=team)[0] if team else user.team
    _give_password(user, password, is_new=found is None)
    user.save()
    return user


def _give_password(user: User, password: str | None, *, is_new: bool) -> None:
    if password is None:
        if is_new:
            user.set_unusable_password()
        return
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise UserRefused(" ".join(error.messages), fix="Choose a longer or less common password.") from error
    user.set_password(password)
