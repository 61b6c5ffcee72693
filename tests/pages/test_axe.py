"""axe-core finds nothing serious on any main page: as leader and CSM, light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.capacity.test_calibrating import CEILING, REGULATED, proposed
from tests.closures.owing import answers, owed, viewer
from tests.pages import company
from tests.pages.test_browser import OF_OPERATIONS, PAGES, SETTLED
from tests.pages.test_calibration import KEPT, REFERENCE

import chromium
from evenbook.capacity.actions.calibration import Found, keep
from evenbook.capacity.rules.proposal import Effect, Errors
from evenbook.closures.actions.batches import acknowledge_reviews
from evenbook.closures.actions.closing import close
from evenbook.closures.actions.correcting import correct
from evenbook.people.models import User
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import ensure_first
from evenbook.policy.queries import latest
from evenbook.records.models import Artifact
from evenbook.runs.queries import week
from evenbook.states.models import Standing

HOW = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
GRAVE = {"serious", "critical"}
WIDTHS = (1280, 360)
SCHEMES = ("dark", "light")
MORE = (
    "/calibration", "/loops/{open}", "/loops/{open}?back=/team-week", "/loops/{brief}", "/loops/{closed}",
    "/loops/{closed}/correct", "/reviews/stable", "/reviews/logs", "/reviews/logs/{log}",
    "/silent/silent_account:ben:2026-03-02", "/expansion", "/expansion/list", "/expansion/ladder",
    "/expansion/scoreboards",
)  # fmt: skip


def world() -> dict[str, int]:
    """Make the team with an open loop, a brief that waits, a corrected artifact and a signed log, all of Ben's."""
    made, now = company.build(), datetime.now(UTC)
    today, ben, accounts = now.date(), made.people["ben"], made.of("ben")
    loops = {
        name: owed(accounts[place], by=ben, kind=kind, due_on=today + timedelta(days=place - 1))
        for place, (name, kind) in enumerate(
            (
                ("open", "check_in"),
                ("brief", "renewal_risk"),
                ("closed", "check_in"),
                ("review", "health_review"),
            )
        )
    }
    owed(accounts[4], by=ben, kind="health_review", due_on=today)
    for account in accounts[5:7]:
        owed(account, by=ben, kind="silent_account", due_on=today, cohort_on=date(2026, 3, 2))
    for account in accounts[3:5]:
        Artifact.objects.create(
            account=account, kind="health_review_log", fields={"band": Standing.objects.get(account=account).color},
            **{**company.version(f"r{account.pk}", now - timedelta(days=20)), "source": "crm"},
        )  # fmt: skip
    for name, artifact in (("brief", "renewal_risk_brief"), ("closed", "check_in_note")):
        close(loops[name].key, answers(artifact, today=today), by=viewer("ben"), tier=1, now=now)
    other = answers("check_in_note", today=today, summary="The rollout slipped by two weeks after all.")
    correct(loops["closed"].key, other, version=1, by=viewer("ben"), tier=1, now=now)
    shown = week(viewer("ben"))
    assert shown is not None
    (signed,) = acknowledge_reviews([loops["review"].key], by=viewer("ben"), week=shown, today=today, now=now)
    assert signed.log is not None
    ensure_first(now - timedelta(days=90))
    effect = Effect(ben.pk, 8, 20.0, 18.0, 25.0)
    errors = Errors(0.49, 0.35, 0.36, 0.34)
    proposal = proposed(REFERENCE, REGULATED, KEPT, ceilings=(CEILING,), inputs=(KEPT,), errors=errors)
    keep(Found(company.AS_OF, latest().number, proposal, (effect,)), by=SYSTEM, now=now)
    return {**{name: each.pk for name, each in loops.items()}, "log": signed.log}


@pytest.mark.one_database
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["amara", "ben", "olu"])
def test_axe_finds_nothing_serious(
    live_server: Any, open_page: Callable[..., Any], width: int, name: str
) -> None:
    ids, found, axe = world(), [], Axe()
    ids["ben"] = User.objects.get(mail="ben@example.com").pk
    paths = (
        (*OF_OPERATIONS, "/tokens", "/policy", "/calibration", "/monthly")
        if name == "olu"
        else (*PAGES, *MORE)
    )
    page = open_page(width=width)
    page.goto(f"{live_server.url}/sign-in")
    found += [f"/sign-in: {each}" for each in grave_in_both(axe, page)]
    chromium.sign_in(page, User.objects.get(mail=f"{name}@example.com"), live_server.url)
    for path in paths:
        answer = page.goto(f"{live_server.url}{path.format(**ids)}")
        if answer.status == 200:
            found += [f"{path}: {each}" for each in grave_in_both(axe, page)]
    assert found == []


def grave_in_both(axe: Axe, page: Any) -> list[str]:
    """Return what axe calls grave on a page in the light and in the dark, as a reader switches between them."""
    found = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.evaluate(SETTLED)
        found += [f"{scheme}: {each}" for each in grave(axe, page)]
    return found


def grave(axe: Axe, page: Any) -> list[str]:
    """Return what axe calls serious or critical on a page, with the first element of each.

    Its program goes into a page once, whatever the scheme, and only what is wrong comes back.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe.axe_script)
    said = page.evaluate("how => axe.run(how).then((found) => found.violations)", HOW)
    return [
        f"{each['id']} ({len(each['nodes'])}): {each['nodes'][0]['html'][:200]}"
        for each in said
        if each["impact"] in GRAVE
    ]


def test_axe_finds_what_is_wrong(open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.set_content(
        "<html lang='en'><title>x</title><main><h1>x</h1><input><img src='data:,'></main></html>"
    )
    assert {each.partition(" ")[0] for each in grave(Axe(), page)} == {"label", "image-alt"}


def test_what_is_wrong_in_the_dark_alone_is_found_there(open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.set_content(
        "<html lang='en'><title>x</title><style>:root{color-scheme:light dark} body{background:#fff;color:#111}"
        "@media(prefers-color-scheme:dark){body{background:#222;color:#333}}</style><main><h1>Team week</h1></main></html>"
    )
    assert [each.split(" (")[0] for each in grave_in_both(Axe(), page)] == ["dark: color-contrast"]
