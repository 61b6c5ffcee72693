"""Single sign-on with OpenID Connect: what an identity provider says, and whom it lets in.

allauth speaks the protocol: discovery, the code exchange with PKCE, the claims of the ID token. Ours
is what follows from it. Nobody comes in for being known elsewhere: the subject has to be linked to a
person here, or its verified mail address has to be theirs; else the organization has to have said
which role new people get. allauth's own sign-in, sign-up and pages are never reached.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from evenbook.kit.errors import EvenbookError
from evenbook.people import audit
from evenbook.people.actions import add_user, clean_mail, clean_name
from evenbook.people.models import Role, User
from evenbook.people.viewer import SYSTEM

ANSWER = "evenbook.people.web.single.answer"
"""What turns an identity into a page; it stands above this module, so it is named."""


class NotLetIn(EvenbookError):
    """Somebody whom the identity provider knows may not come in here."""

    kind = "not-let-in"
    status = 403


@dataclass(frozen=True)
class Identity:
    """Who somebody is, as the identity provider says.

    ``subject`` is its own name for them, for ever; ``mail`` is empty unless it was verified.
    """

    provider: str
    subject: str
    mail: str
    name: str


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Hands every answer of the identity provider to us, before allauth acts on it."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Answer with a page of ours, always."""
        raise ImmediateHttpResponse(self._answer(request, sociallogin))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **why: Any) -> None:
        """Answer a broken-off sign-in with a page of ours."""
        raise ImmediateHttpResponse(self._answer(request, None))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Let nobody sign up."""
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> None:
        """Leave the look-up by mail to ``person_of``."""

    def _answer(self, request: HttpRequest, sociallogin: SocialLogin | None) -> HttpResponse:
        answered: HttpResponse = import_string(ANSWER)(request, sociallogin)
        return answered


def identity_of(sociallogin: SocialLogin, *, nonce: str) -> Identity:
    """Return who an answer of the identity provider is about.

    Raises:
        NotLetIn: its parts do not belong together: another subject, or not the answer to our question.
    """
    claims = sociallogin.account.extra_data
    token, told = claims.get("id_token") or {}, claims.get("userinfo") or claims.get("id_token") or {}
    if not nonce or token.get("nonce") != nonce or told.get("sub") != token.get("sub"):
        raise NotLetIn(
            "The identity provider's answer does not fit what was asked.", fix="Sign in once more."
        )
    is_verified = told.get("email_verified") in (True, "true")
    return Identity(
        provider=sociallogin.account.provider,
        subject=str(token["sub"]),
        mail=str(told.get("email", "")) if is_verified else "",
        name=str(told.get("name", "")),
    )


@transaction.atomic
def person_of(identity: Identity, *, now: datetime) -> User:
    """Return the person that an identity is, linking or adding them where that is allowed.

    Raises:
        NotLetIn: they are nobody here, or deactivated.
    """
    linked = SocialAccount.objects.filter(provider=identity.provider, uid=identity.subject).first()
    user = linked.user if linked else _by_mail(identity.mail) or _new(identity, now=now)
    if not user.is_active:
        raise NotLetIn("You are not let in any more.", fix="Ask operations, if that is wrong.")
    if linked is None:
        _link(user, identity, now=now)
    return user


def _by_mail(mail: str) -> User | None:
    return User.objects.filter(mail__iexact=mail).first() if mail else None


def _new(identity: Identity, *, now: datetime) -> User:
    role = settings.EVENBOOK_OIDC_NEW_USERS_ROLE
    if not identity.mail:
        raise NotLetIn(
            "The identity provider vouches for no mail address of yours.",
            fix="Ask whoever keeps it to verify your address; it is how Evenbook knows you.",
        )
    if role not in Role.values:
        raise NotLetIn("Nobody here has your mail address.", fix="Ask operations to invite you.")
    name = clean_name(identity.name[:120] or identity.mail.partition("@")[0])
    return add_user(SYSTEM, mail=clean_mail(identity.mail), name=name, role=role, now=now)


def _link(user: User, identity: Identity, *, now: datetime) -> None:
    """Link a subject to a person, who may have one at each provider and no second."""
    if SocialAccount.objects.filter(user=user, provider=identity.provider).exists():
        raise NotLetIn(
            "Your mail address belongs to another account of the identity provider.",
            fix="Sign in with that one, or ask operations to deactivate the old person.",
        )
    SocialAccount.objects.create(user=user, provider=identity.provider, uid=identity.subject, extra_data={})
    audit.record(SYSTEM, "single-sign-on.linked", audit.Thing("user", str(user.pk), user.name), at=now)
