"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from evenbook.desk.web import (
    account,
    accounts,
    calendar,
    executive,
    figure,
    find,
    mails,
    metrics,
    my_week,
    people,
    profile,
    proposed_weeks,
    reports,
    roles,
    team_week,
    trail,
    weeks_ahead,
)

urlpatterns = [
    path("calendar/<str:token>.ics", calendar.feed, name="calendar-feed"),
    path("", my_week.home, name="home"),
    path("me/mails", mails.my_mails, name="my-mails"),
    path("my-week", my_week.mine, name="my-week"),
    path("team-week", team_week.team, name="team-week"),
    path("accounts", accounts.accounts, name="accounts"),
    path("accounts/<path:key>", account.account, name="account"),
    path("account-roles/<path:key>", roles.give, name="account-role"),
    path("figures/<slug:measure>", figure.figure, name="figure"),
    path("people", people.people, name="people"),
    path("people/invite", people.invite, name="invite"),
    path("people/teams", people.team_tree, name="teams"),
    path("people/teams/<int:team_id>", people.team, name="team"),
    path("people/<int:user_id>", people.one, name="person-who-signs-in"),
    path("people/<int:user_id>/<slug:what>", people.act, name="person-act"),
    path("profiles/<path:key>", profile.profile, name="profile"),
    path("profile-change/<slug:what>/<path:key>", profile.change, name="profile-change"),
    path("executive", executive.page, name="executive"),
    path("executive/cohorts/<str:quarter>/<int:age>", executive.cohort, name="executive-cohort"),
    path("metric-tiers", metrics.page, name="metric-tiers"),
    path("reports", reports.listed, name="reports"),
    path("reports/<slug:kind>", reports.report, name="report"),
    path("reports/<slug:kind>/pdf", reports.report_pdf, name="report-pdf"),
    path("reports/<slug:kind>/decided", reports.decided, name="report-decided"),
    path("weeks-ahead", weeks_ahead.ahead, name="weeks-ahead"),
    path("weeks-ahead/<str:day>/<path:key>", weeks_ahead.opened, name="week-ahead"),
    path("proposals/<int:number>/weeks", proposed_weeks.weeks, name="proposal-weeks"),
    path("audit", trail.audit_trail, name="audit"),
    path("find", find.find, name="find"),
]
