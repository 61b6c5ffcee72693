"""Addresses of signing in and out."""

from __future__ import annotations

from django.urls import path

from evenbook.people import web

urlpatterns = [
    path("sign-in", web.sign_in, name="sign-in"),
    path("sign-in/as/<int:user_id>", web.sign_in_as, name="sign-in-as"),
    path("sign-out", web.sign_out, name="sign-out"),
]
