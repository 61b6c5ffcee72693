"""What holds for every address, found by walking them all: a new one is held to it by itself."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from tests.addresses import routes
from tests.pages import company

FILLED = {"int": "999999", "uuid": "00000000-0000-4000-8000-000000000000"}
OPEN = {
    *("/sign-in", "/sign-in/forgot", "/sign-in/new-password", "/set-up"),
    *("/health", "/ready", "/metrics"),  # tell a stranger nothing, or only this machine
}
TO_OTHERS = (
    "//evil.example",
    "https://evil.example/",
    "/\\evil.example",
    "\t//evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "///evil.example",
)


def addresses() -> list[str]:
    """Return every address of the product, its places filled with things that are not there."""
    return sorted({f"/{_fill(route)}" for route, _ in routes()})


def _fill(route: str) -> str:
    plain = re.sub(r"\(\?P<\w+>[^)]*\)|\[[^]]*\][+*]?", "x", re.sub(r"[\^$]|\?$", "", route))
    return re.sub(r"<(?:(\w+):)?\w+>", lambda found: FILLED.get(found[1] or "str", "nothing"), plain)


@pytest.fixture
def keeper(db: None) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(company.build(8).users["olu"])
    return client


def failing(holds: Callable[[str], bool]) -> list[str]:
    found = addresses()
    assert len(found) > 20
    return [path for path in found if not holds(path)]


@pytest.mark.one_database
def test_a_form_sent_from_another_site_is_refused_everywhere(keeper: Client) -> None:
    def refuses(path: str, **sent_from: str) -> bool:
        status = keeper.post(path, {"name": "x"}, **sent_from).status_code
        return status in ({401, 403, 404, 405, 415, 422} if path.startswith("/api/") else {403, 404, 405})

    assert failing(refuses) == []
    assert failing(lambda path: refuses(path, HTTP_ORIGIN="https://evil.example")) == []


@pytest.mark.one_database
def test_a_host_that_is_not_ours_is_refused_everywhere(keeper: Client) -> None:
    def refuses(path: str) -> bool:
        answer = keeper.get(path, HTTP_HOST="evil.example")
        return answer.status_code == 400 and "evil.example" not in answer.headers.get("Location", "")

    assert failing(refuses) == []


@pytest.mark.one_database
def test_a_host_that_a_header_claims_is_not_believed(keeper: Client) -> None:
    def ignores(path: str) -> bool:
        answer = keeper.get(path, HTTP_X_FORWARDED_HOST="evil.example")
        return "evil.example" not in answer.headers.get("Location", "")

    assert failing(ignores) == []


@pytest.mark.one_database
def test_no_address_leads_to_another_site(keeper: Client) -> None:
    """Neither by ``next`` nor by ``back``, asked for or sent, signed in or not."""
    keeper.handler.enforce_csrf_checks, stranger = False, Client()

    def leads(client: Client, path: str, place: str) -> list[str]:
        given = {"next": place, "back": place}
        answers = (client.get(path, given), client.post(path, given))
        return [answer.headers["Location"] for answer in answers if "Location" in answer.headers]

    def stays(path: str) -> bool:
        if "sign-out" in path:
            return True
        found = leads(keeper, path, TO_OTHERS[0]) + leads(stranger, path, TO_OTHERS[0])
        if leads(keeper, path, "/hot-sheet"):  # the others only where somebody is led on
            found += [to for place in TO_OTHERS[1:] for to in leads(keeper, path, place)]
        return all(to.startswith("/") and not to.startswith(("//", "/\\")) for to in found)

    assert failing(stays) == []


def test_somebody_who_is_not_signed_in_sees_no_page_but_the_door(db: None) -> None:
    stranger = Client()

    def is_shut(path: str) -> bool:
        answer = stranger.get(path)
        return answer.status_code in {401, 403, 404, 405} or (
            answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in")
        )

    assert set(failing(is_shut)) <= OPEN
