"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from evenbook.desk.web import account, accounts, figure, find, my_week, team_week

urlpatterns = [
    path("", my_week.home, name="home"),
    path("my-week", my_week.mine, name="my-week"),
    path("team-week", team_week.team, name="team-week"),
    path("accounts", accounts.accounts, name="accounts"),
    path("accounts/<path:key>", account.account, name="account"),
    path("figures/<slug:measure>", figure.figure, name="figure"),
    path("find", find.find, name="find"),
]
