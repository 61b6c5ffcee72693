"""What machines ask of a running instance, and what its log says: enough, and nothing about anybody."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.test import Client
from django.urls import path

from evenbook.kit.errors import EvenbookError
from evenbook.people.models import User
from evenbook.site import urls
from evenbook.site.logs import Lines
from evenbook.site.web import probes

SECRETS = ("amara@northwind.example", "Northwind Holdings", "tiger", "acme-corp", "sunny-orchard-42")


@pytest.fixture(autouse=True)
def asked_of_the_database_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "_fitted", False)


def test_health_asks_no_database_and_ready_says_which_part_fails(db, client, monkeypatch, settings, tmp_path):
    with connection.execute_wrapper(lambda *asked: pytest.fail("the database was asked")):
        assert client.get("/health").json() == {"status": "ok"}
    assert client.get("/ready").json() == {"status": "ready", "failing": []}
    assert client.post("/ready").status_code == 405

    def away(*asked: Any) -> None:
        raise OperationalError("connection to server at 10.0.0.7 refused for user tiger")

    with connection.execute_wrapper(away):
        answer = client.get("/ready")
    assert answer.status_code == 503 and answer.json()["failing"] == ["database-reachable"]
    settings.EVENBOOK_HOME = tmp_path / "gone"
    monkeypatch.setattr(probes, "_is_up_to_date", lambda: False)
    answer = client.get("/ready")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert (
        answer.json()["failing"] == ["database-version", "home-writable"]
        and "tiger" not in answer.content.decode()
    )


def test_metrics_count_by_route_and_are_for_this_machine_or_whoever_has_the_token(db, client, monkeypatch):
    client.get("/account/acme-corp/why?amara@northwind.example")
    client.get("/nowhere/acme-corp")
    client.generic("FROBNICATE", "/health")
    told = client.get("/metrics").content.decode()

    assert 'evenbook_requests_total{method="OTHER",route="health",status="405"}' in told
    assert (
        'route="none",status="404"' in told
        and "evenbook_accounts 0.0" in told
        and 'evenbook_work{state="waiting"} 0.0' in told
        and "evenbook_database_up 1.0" in told
    )
    assert not [secret for secret in SECRETS if secret in told]
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 404
    assert client.get("/metrics", HTTP_X_FORWARDED_FOR="10.1.2.3").status_code == 404

    monkeypatch.setenv("EVENBOOK_METRICS_TOKEN", "only-for-the-scraper-6f1c")
    assert client.get("/metrics").status_code == 404
    for given in ("Bearer wrong", "Basic only-for-the-scraper-6f1c", "Bearer", "Bearer \u00e9"):
        assert client.get("/metrics", headers={"Authorization": given}).status_code == 404
    right = {"Authorization": "Bearer only-for-the-scraper-6f1c"}
    assert client.get("/metrics", headers=right, REMOTE_ADDR="10.1.2.3").status_code == 200


def test_metrics_of_a_database_that_is_away_say_so(db, client):
    def away(*asked: Any) -> None:
        raise OperationalError("away")

    with connection.execute_wrapper(away):
        told = client.get("/metrics").content.decode()
    assert "evenbook_database_up 0.0" in told and "evenbook_accounts" not in told


def failing(request: Any, kind: str) -> None:
    errors: dict[str, Exception] = {
        "away": OperationalError("connection refused: user tiger"),
        "locked": OperationalError("database is locked"),
        "full": OperationalError("database or disk is full"),
        "duplicate": DatabaseError("Key (mail)=(amara@northwind.example) already exists."),
        "refused": EvenbookError("Northwind Holdings has no proof.", fix="Ask amara@northwind.example."),
        "fault": ValueError("'Northwind Holdings' sunny-orchard-42"),
    }
    raise errors[kind]


@pytest.fixture
def faults(db: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Return a client of a site with an address that fails as it is asked to."""
    monkeypatch.setattr(urls, "urlpatterns", [path("fails/<kind>", failing, name="fails"), *urls.urlpatterns])
    from django.urls import clear_url_caches

    clear_url_caches()
    client = Client(raise_request_exception=False)
    client.force_login(
        User.objects.create(
            mail="amara@northwind.example", name="Amara", role="csm", joined_at="2026-03-09T00:00Z"
        )
    )
    yield client
    monkeypatch.undo()
    clear_url_caches()


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Return the JSON lines that the server writes, as they are written."""
    written: list[dict[str, Any]] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(json.loads(self.format(record)))

    kept = Kept()
    kept.setFormatter(Lines(as_json=True))
    logging.getLogger().addHandler(kept)
    before = logging.getLogger("evenbook.requests").level
    logging.getLogger("evenbook.requests").setLevel(logging.INFO)
    yield written
    logging.getLogger().removeHandler(kept)
    logging.getLogger("evenbook.requests").setLevel(before)


@pytest.mark.parametrize(("kind", "status"), [("away", 503), ("locked", 503), ("full", 503), ("fault", 500)])
def test_a_database_that_is_away_or_busy_is_one_clear_sentence(faults, kind, status):
    answer = faults.get(f"/fails/{kind}")

    assert answer.status_code == status and answer.has_header("Retry-After") == (status == 503)
    assert ("Not just now." in answer.content.decode()) == (status == 503)
    assert not [secret for secret in SECRETS if secret in answer.content.decode()]


def test_no_line_of_the_log_tells_of_anybody(faults, lines):
    number = User.objects.get().pk
    for kind in ("away", "duplicate", "refused", "fault"):
        faults.post(
            f"/fails/{kind}?name=Northwind+Holdings",
            {"password": "sunny-orchard-42"},
            headers={"X-Request-ID": "proxy-123.abc"},
        )
    faults.get("/health", headers={"Host": "evil-tiger.example", "X-Request-ID": "evil\n{tiger}"})
    faults.get("/accounts/acme-corp")
    logging.getLogger("evenbook.records").warning(
        "Rejected a row of 'Northwind Holdings' from amara@northwind.example"
    )
    logging.getLogger("other").error("cannot reach %s: Northwind Holdings", "tiger")
    logging.getLogger("other").error("Key (name)=(Northwind Holdings) for 'tiger'\nacme-corp")

    text = json.dumps(lines)
    assert not [
        secret for secret in SECRETS if secret in text.replace("cannot reach %s: Northwind Holdings", "")
    ]
    faulty = [line for line in lines if line.get("fault")]
    assert [line["fault"].split()[0] for line in faulty[:4]] == [
        "OperationalError",
        "DatabaseError",
        "EvenbookError",
        "ValueError",
    ]
    assert all(
        line["request_id"] == "proxy-123.abc" and "failing" in line["through"][-1] for line in faulty[:4]
    )
    answered = [line for line in lines if line["logger"] == "evenbook.requests"]
    assert {"route": "fails", "method": "POST", "status": 503, "user": number}.items() <= answered[0].items()
    assert answered[0]["ms"] >= 0 and len(answered[4]["request_id"]) == 32


def test_a_request_id_is_taken_from_a_proxy_only_where_it_is_sane(db, client):
    sane = client.get("/health", headers={"X-Request-ID": "a1b2c3d4-e5f6"})
    assert sane["X-Request-ID"] == "a1b2c3d4-e5f6"
    for given in ("short", "x" * 65, "has space in it", "quote'in'it-1234", ""):
        assert client.get("/health", headers={"X-Request-ID": given})["X-Request-ID"] != given


def test_plain_lines_hold_the_same_fields_as_text():
    record = logging.makeLogRecord(
        {
            "name": "evenbook.requests",
            "levelname": "INFO",
            "msg": "Answered.",
            "route": "home",
            "ms": 3,
            "path": "/x",
        }
    )
    said = Lines(as_json=False).format(record)

    assert (
        said.endswith("info evenbook.requests: Answered. route=home ms=3")
        and Path("/x").as_posix() not in said
    )
