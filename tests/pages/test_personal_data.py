"""What operations does with the data of one person on pages and by programs: taken out, looked at, forgotten."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evenbook.book.models import Contact, Person
from evenbook.people.actions import NewToken, make_token
from evenbook.people.models import AuditEntry, Forgotten, User
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import ensure_first

SECRET = "evb_personal-data-of-tests"
PLACE = "/personal-data"


@pytest.fixture
def contact(team: Any) -> Contact:
    ensure_first(timezone.now())
    return Contact.objects.create(
        account=team.of("ben")[0], name="Ida Holm", mail="ida@kestrel.example", source="crm", external_id="c1",
        fingerprint="x", happened_at=timezone.now(), known_at=timezone.now(),
    )  # fmt: skip


def by_token(*scopes: str) -> dict[str, str]:
    now = timezone.now()
    make_token(
        SYSTEM, NewToken("Tests", "operations", scopes, now + timedelta(days=2)), secret=SECRET, now=now
    )
    return {"Authorization": f"Bearer {SECRET}"}


def test_the_list_the_person_and_the_contact_lead_to_what_is_stored_of_them(
    as_user: Any, team: Any, contact: Contact
) -> None:
    olu, ben = as_user("olu"), team.users["ben"]
    assert f'href="{PLACE}"' in olu.get("/people").text
    assert f'href="{PLACE}/user/{ben.pk}"' in olu.get(f"/people/{ben.pk}").text
    of_contact = f'href="{PLACE}/contact/{contact.pk}"'
    assert of_contact in olu.get(f"/accounts/{contact.account.key}").text
    assert of_contact not in as_user("ben").get(f"/accounts/{contact.account.key}").text
    found = olu.post(PLACE, {"who": "ben@example.com", "kind": "person"})
    assert (found.status_code, found["Location"]) == (302, f"{PLACE}/user/{ben.pk}")
    missed = olu.post(PLACE, {"who": "ben@example.com", "kind": "contact"})
    assert missed.status_code == 422 and 'value="ben@example.com"' in missed.text
    assert "Nobody of the contacts of customers is called" in missed.text


def test_nobody_else_sees_or_forgets_anybody(as_user: Any, team: Any, contact: Contact) -> None:
    places = (PLACE, f"{PLACE}/user/{team.users['ben'].pk}", f"{PLACE}/contact/{contact.pk}/file")
    for name in ("amara", "ben", "edda", "rea", "lena"):
        assert [as_user(name).get(place).status_code for place in places] == [403] * 3
        assert as_user(name).post(places[1], {"step": "forget", "confirm": "Ben Adler"}).status_code == 403
    assert [Client().get(place).status_code for place in places] == [302] * 3
    assert not Forgotten.objects.exists()
    assert as_user("olu").get(f"{PLACE}/user/987654").status_code == 404
    assert as_user("olu").get(f"{PLACE}/contact/ben").status_code == 404


def test_forgetting_shows_first_what_changes_and_asks_for_the_name(as_user: Any, team: Any) -> None:
    olu, ben = as_user("olu"), team.users["ben"]
    place = f"{PLACE}/user/{ben.pk}"
    assert "would be" not in olu.get(place).text
    looked = olu.post(place, {"step": "look", "also": "Benny\nB. Adler"}).text
    assert "Rows that would be changed or taken away" in looked and "Benny\nB. Adler</textarea>" in looked
    refused = olu.post(place, {"step": "forget", "confirm": "Ben"})
    assert refused.status_code == 422 and "Nobody was forgotten" in refused.text
    assert not Forgotten.objects.exists() and User.objects.get(pk=ben.pk).name == "Ben Adler"

    done = olu.post(place, {"step": "forget", "confirm": "ben adler", "also": "Benny"})
    assert done.status_code == 200 and "They are called former person" in done.text
    assert User.objects.get(pk=ben.pk).name.startswith("former person ")
    assert not Person.objects.filter(key="ben").exists()
    assert olu.get(place).status_code == 404
    page = olu.get(f"/people/{ben.pk}").text
    assert "nobody signs in as them again" in page and "reactivate" not in page
    for what in ("reactivate", "link"):
        assert olu.post(f"/people/{ben.pk}/{what}").status_code == 422


def test_whoever_asks_can_not_be_forgotten_and_what_was_typed_stays(as_user: Any, team: Any) -> None:
    answer = as_user("olu").post(f"{PLACE}/user/{team.users['olu'].pk}", {"step": "look", "also": "Olly"})
    assert (
        answer.status_code == 422
        and "You can&#x27;t forget yourself." in answer.text
        and "Olly" in answer.text
    )


def test_the_file_is_a_zip_of_what_is_stored_and_that_it_was_taken_is_recorded(
    as_user: Any, contact: Contact
) -> None:
    answer = as_user("olu").get(f"{PLACE}/contact/{contact.pk}/file")
    assert answer["Content-Type"] == "application/zip" and "attachment" in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        rows = json.loads(archive.read("book.Contact.json"))
    assert [row["name"] for row in rows] == [contact.name]
    entry = AuditEntry.objects.latest("pk")
    assert (entry.what, entry.by_name, entry.thing_name) == (
        "personal-data.taken",
        "Olu Danjuma",
        contact.name,
    )


def test_a_program_of_operations_takes_and_forgets_and_only_looks_unless_it_says_so(contact: Contact) -> None:
    client, headers, where = Client(), by_token("people"), "/api/v1/personal-data"
    asked = {"who": contact.mail, "kind": "contact"}
    answer = client.get(where, asked, headers=headers)
    assert answer.status_code == 200 and answer["Content-Type"] == "application/zip"

    def forget(**more: Any) -> Any:
        return client.post(f"{where}/forget", asked | more, content_type="application/json", headers=headers)

    looked = forget().json()
    assert looked["is_dry_run"] and not Forgotten.objects.exists()
    assert {"table": "book_contact", "rows": 1} in looked["tables"]
    done = forget(dry_run=False).json()
    assert not done["is_dry_run"] and Contact.objects.get(pk=contact.pk).name == done["called"]
    assert forget(dry_run=False).status_code == 404
    assert forget(sure=True).status_code == 422


def test_a_token_without_the_scope_does_neither(contact: Contact) -> None:
    client, headers = Client(), by_token("read", "write")
    asked = {"who": contact.mail, "kind": "contact", "dry_run": False}
    assert client.get("/api/v1/personal-data", {"who": "x"}, headers=headers).status_code == 403
    sent = client.post(
        "/api/v1/personal-data/forget", asked, content_type="application/json", headers=headers
    )
    assert sent.status_code == 403 and not Forgotten.objects.exists()
