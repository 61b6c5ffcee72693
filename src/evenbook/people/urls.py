"""Addresses of signing in and out, of links in mails, and of one's own account."""

from __future__ import annotations

from django.urls import path

from evenbook.people.web import links, me, sign_in, single, tokens

urlpatterns = [
    path("sign-in", sign_in.sign_in, name="sign-in"),
    path("sign-in/as/<int:user_id>", sign_in.sign_in_as, name="sign-in-as"),
    path("sign-in/code", sign_in.code, name="sign-in-code"),
    path("sign-in/forgot", links.forgot, name="forgot"),
    path("sign-in/link/<str:token>", links.follow, name="sign-in-link"),
    path("sign-in/new-password", links.new_password, name="new-password"),
    path("sign-in/single", single.start, name="single-sign-on"),
    path("sign-in/single/back", single.back, name="single-sign-on-back"),
    path("sign-out", sign_in.sign_out, name="sign-out"),
    path("me", me.me, name="me"),
    path("me/password", me.password, name="my-password"),
    path("me/second-factor", me.second, name="second-factor"),
    path("me/second-factor/off", me.second_off, name="second-factor-off"),
    path("me/second-factor/codes", me.second_codes, name="recovery-codes"),
    path("me/sessions/<int:session_id>/end", me.session_end, name="session-end"),
    path("me/calendar", me.calendar, name="my-calendar"),
    path("me/calendar/end", me.calendar_end, name="my-calendar-end"),
    path("me/sessions/end", me.sessions_end, name="sessions-end"),
    path("tokens", tokens.tokens, name="tokens"),
    path("tokens/<int:token>/end", tokens.token_end, name="token-end"),
]
