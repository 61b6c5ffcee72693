"""Single sign-on: out to the identity provider, and back with its answer."""

from __future__ import annotations

import secrets
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evenbook.kit.errors import EvenbookError
from evenbook.people.addresses import base_address
from evenbook.people.single_sign_on import NotLetIn, identity_of, person_of
from evenbook.people.web import entering
from evenbook.people.web.entering import How
from evenbook.people.web.sign_in import form

AWAY = "The identity provider does not answer. Try again in a minute, or tell operations."
BROKEN_OFF = "Signing in was broken off. Nothing happened; try again."


@login_not_required
@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Send somebody to the identity provider, with a question that only its answer to us fits."""
    _require_set_up()
    try:
        adapter = _adapter(request)
        provider = adapter.get_provider()
        provider.oauth2_adapter_class = type(adapter)
        nonce = secrets.token_urlsafe(24)
        answer: HttpResponse = provider.redirect(
            request,
            process="login",
            next_url=entering.asked_for(request),
            data={"nonce": nonce},
            auth_params={"nonce": nonce},
        )
    except (OSError, ValueError, KeyError):
        return form(request, problem=AWAY, status=503)
    except EvenbookError as refusal:
        return form(request, problem=f"{refusal.what} {refusal.fix}", status=503)
    return answer


@login_not_required
@never_cache
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Take the answer of the identity provider."""
    _require_set_up()
    from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView

    try:
        answer: HttpResponse = OAuth2CallbackView.adapter_view(_adapter(request))(request)
    except (OSError, ValueError, KeyError):
        return form(request, problem=AWAY, status=503)
    except EvenbookError as refusal:
        return form(request, problem=f"{refusal.what} {refusal.fix}", status=refusal.status)
    except ImmediateHttpResponse as given:
        answer = given.response
    return answer


def answer(request: HttpRequest, sociallogin: Any) -> HttpResponse:
    """Let in whom the identity provider names, if they are somebody here; else say why not."""
    if sociallogin is None:
        return form(request, problem=BROKEN_OFF, status=403)
    now = timezone.now()
    nonce = str((sociallogin.state.get("data") or {}).get("nonce", ""))
    try:
        user = person_of(identity_of(sociallogin, nonce=nonce), now=now)
    except NotLetIn as refusal:
        entering.refuse(request, "", door="single", now=now)
        return form(request, problem=f"{refusal.what} {refusal.fix}", status=refusal.status)
    going = str(sociallogin.state.get("next") or "")
    return entering.proved(request, user, how=How.SINGLE, going=going, now=now)


def _adapter(request: HttpRequest) -> Any:
    """Return what speaks the protocol, with our own address to come back to.

    It is loaded here and not with the applications: no command should wait for it.
    """
    from allauth.socialaccount.providers import registry
    from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
    from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter

    registry.register(OpenIDConnectProvider)

    class Ours(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
        def get_callback_url(self, request: HttpRequest, app: object) -> str:
            return base_address(request) + reverse("single-sign-on-back")

    return Ours(request, settings.SINGLE_SIGN_ON["provider_id"])


def _require_set_up() -> None:
    if not settings.EVENBOOK_OIDC_URL:
        raise Http404
