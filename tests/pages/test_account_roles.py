"""Who has which role on an account, on its page: shown with its history, given by who decides, refused in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evenbook.book.models import Ownership
from evenbook.briefings.models import Handoff
from evenbook.people.models import AuditEntry

WHY = "A specialist <b>now</b>."


@pytest.fixture
def account(team: Any) -> Any:
    found = team.of("ben")[0]
    at = timezone.now() - timedelta(days=60)
    for days, name in ((0, "ben"), (20, "chidi")):
        when = at + timedelta(days=days)
        Ownership.objects.create(
            account=found, role="expansion", person=team.people[name], source="crm", reason=f"Because of {name}.",
            happened_at=when, known_at=when,
        )  # fmt: skip
    return found


def given(**more: str) -> dict[str, str]:
    day = (timezone.now() + timedelta(days=10)).date().isoformat()
    return {"role": "expansion", "to": "ben", "reason": WHY, "first_on": day, **more}


def page(client: Client, key: str) -> str:
    return client.get(f"/accounts/{key}").content.decode()


def test_the_page_shows_who_has_a_role_and_who_had_it(team: Any, account: Any, as_user: Any) -> None:
    text = page(as_user("chidi"), account.key)
    section = text[text.index('id="holders"') : text.index('id="timeline"')]
    assert "Expansion owner" in section and "Because of chidi." in section
    assert section.index("Chidi Eze") < section.index("Who had one before") < section.index("Because of ben.")
    assert "Give a role" not in section, "a CSM gives none"


def test_an_account_without_roles_shows_a_csm_nothing_of_them(team: Any, as_user: Any) -> None:
    assert 'id="holders"' not in page(as_user("ben"), team.of("ben")[0].key)
    assert "Give a role, or pass one on" in page(as_user("lena"), team.of("ben")[0].key)


def test_a_leader_passes_a_role_on_and_sees_it_to_come(team: Any, account: Any, as_user: Any) -> None:
    client = as_user("lena")
    answer = client.post(f"/account-roles/{account.key}", given())
    assert answer.status_code == 302 and answer["Location"] == f"/accounts/{account.key}#holders"
    text = page(client, account.key)
    assert "A handoff is announced; a transfer brief is asked for." in text and "to come" in text
    assert "A specialist &lt;b&gt;now&lt;/b&gt;." in text
    made = Handoff.objects.get()
    assert "a role on" in client.get(f"/handoffs/{made.pk}").content.decode()
    assert "To confirm: 1 account of Chidi Eze" in as_user("ben").get("/my-week").content.decode()
    client.post(f"/account-roles/{account.key}", given())
    assert Handoff.objects.count() == 1 and AuditEntry.objects.filter(what="account.role_given").count() == 1


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"reason": " "}, "A role changes hands for a reason."),
        ({"first_on": "2020-01-01"}, "1 Jan 2020 is past."),
        ({"first_on": "soon"}, "The first day is not a day."),
        ({"to": "zed"}, "There is nobody"),
        ({"role": "owner"}, "is no role."),
    ],
)
def test_a_refusal_keeps_what_was_typed(
    team: Any, account: Any, as_user: Any, more: dict[str, str], says: str
) -> None:
    before = Ownership.objects.count()
    answer = as_user("lena").post(f"/account-roles/{account.key}", given(**more))
    text = answer.content.decode()
    assert answer.status_code >= 400 and says in text and "Nothing was changed." in text
    assert Ownership.objects.count() == before and not Handoff.objects.exists()
    if "reason" not in more:
        assert "A specialist &lt;b&gt;now&lt;/b&gt;." in text


@pytest.mark.parametrize(("name", "status"), [("ben", 403), ("rea", 403), ("edda", 403), ("chidi", 403)])
def test_who_decides_nothing_gives_nothing(
    team: Any, account: Any, as_user: Any, name: str, status: int
) -> None:
    before = Ownership.objects.count()
    assert as_user(name).post(f"/account-roles/{account.key}", given()).status_code in (status, 404)
    assert Ownership.objects.count() == before


def test_what_is_not_there_is_not_found_and_a_link_leads_to_the_account(
    team: Any, account: Any, as_user: Any
) -> None:
    client = as_user("lena")
    assert client.post("/account-roles/nobody", given()).status_code == 404
    answer = client.get(f"/account-roles/{account.key}?show=ticket")
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/{account.key}?show=ticket")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(team.users["lena"])
    assert strict.post(f"/account-roles/{account.key}", given()).status_code == 403
