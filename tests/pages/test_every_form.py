"""Every form of every page, found by walking them, with what nobody should type: a new one is held too.

Nothing that is sent stays: each request runs in a transaction that is undone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from tests.addresses import kind_of, starts
from tests.pages import forms
from tests.pages.forms import Form

from conftest import ON_POSTGRESQL
from evenbook.people.models import User

ROLES = ("olu", "amara", "ben", "")
"""Operations, a leader, a CSM, and somebody who is not signed in."""

LEFT_OUT = ("/sign-out", "/admin/", "/api/")
"""What ends the walk; records that are only looked at, which have one door; and what is no page."""

BAD = {
    "a NUL, line breaks and an element": "a%00b%0D%0ALocation:%20evil"
    + quote("<img src=x onerror=alert(1)>"),
    "half a character and bytes that are no text": "%ED%A0%80%FF%FE",
    "longer than any field": "x" * 200_000,
    "a number past every column": "99999999999999999999",
    "a number below all": "-1",
    "no number": "nan",
    "nothing": "",
}
NOBODYS = {"role": "operations", "is_staff": "1", "is_superuser": "1", "is_active": "1", "team": "1"}
NOBODYS |= {
    "user": "1",
    "person": "1",
    "account": "1",
    "id": "1",
    "scopes": "write",
    "mail": "evil@example.com",
}


def clients_of(team: Any) -> dict[str, Client]:
    clients = {name: Client(raise_request_exception=False) for name in ROLES}
    for name in ROLES[:-1]:
        clients[name].force_login(team.users[name])
    return clients


@pytest.fixture
def send(team: Any) -> Callable[..., Any]:
    clients = clients_of(team)

    def sent(role: str, form: Form, body: str, look: Callable[[], Any] = lambda: None) -> tuple[Any, Any]:
        client, kind = clients[role], "application/x-www-form-urlencoded"
        with transaction.atomic():
            if form.method == "post":
                answer = client.generic("POST", form.action, body.encode(), content_type=kind)
            else:
                answer = client.get(f"{urlsplit(form.action).path}?{body}")
            seen = look()
            transaction.set_rollback(True)
        return answer, seen

    return sent


def walked(client: Client) -> Iterator[Form]:
    """Yield the forms that somebody meets, on one page of each address pattern."""
    waiting, pages = [path for path in starts() if not path.startswith(LEFT_OUT)], set()
    while waiting:
        path = waiting.pop(0)
        if kind_of(path)[0] in pages:
            continue
        pages.add(kind_of(path)[0])
        answer = client.get(path)
        if answer.status_code != 200 or not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        found, links = forms.read(answer.text, path)
        yield from found
        waiting += [link for link in links if link.startswith("/") and not link.startswith(LEFT_OUT)]


def body(fields: Mapping[str, str], **raw: str) -> str:
    """Return fields as a browser sends them; ``raw`` ones stand as they are."""
    plain = {name: value for name, value in fields.items() if name not in raw}
    return "&".join([urlencode(plain), *(f"{quote(name)}={value}" for name, value in raw.items())])


@pytest.fixture(scope="module")
def every_form(made_once: Any, django_db_blocker: Any) -> list[tuple[str, Form]]:
    """Return each kind of form once, with the first role that meets it."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = met(clients_of(made_once))
        transaction.set_rollback(True)
    return found


def met(clients: Mapping[str, Client]) -> list[tuple[str, Form]]:
    found: dict[Any, tuple[str, Form]] = {}
    for role in ROLES:
        for form in walked(clients[role]):
            mark = (form.method, kind_of(form.action)[0], *sorted(form.fields))
            if form.is_ours and form.method in {"get", "post"} and not form.action.startswith(LEFT_OUT):
                found.setdefault(mark, (role, form))
    return list(found.values())


def bad_bodies(form: Form, *, of_the_request: bool) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with what is sent: field by field where it is kept, all at once where it is asked.

    Args:
        form: as it stood on its page.
        of_the_request: also what is refused before any field is looked at, and so by no database.
    """
    yield "no field at all", ""
    if of_the_request:
        yield from _bad_requests(form)
    together = [tuple(form.fields)] if form.method == "get" else [(name,) for name in form.fields]
    for names in together:
        for what, bad in BAD.items():
            yield f"{what} as {', '.join(names)}", body(form.fields, **dict.fromkeys(names, bad))


def _bad_requests(form: Form) -> Iterator[tuple[str, str]]:
    yield "fields by the thousand", body(form.fields, **{f"f{number}": "" for number in range(5_100)})
    if form.method == "post":
        yield "more than is read", body(form.fields, much="x" * 3_000_000)


@pytest.mark.proof
def test_nothing_that_is_typed_into_a_form_breaks_it(
    send: Any, every_form: list[tuple[str, Form]], whole: bool
) -> None:
    broken = []
    for role, form in every_form:
        for what, sent in bad_bodies(form, of_the_request=whole or not ON_POSTGRESQL):
            answer, _ = send(role, form, sent)
            if answer.status_code >= 500:
                broken.append(
                    f"{role or 'stranger'} {form.method} {form.action}, {what}: {answer.status_code}"
                )
    assert broken == []
    assert len(every_form) >= 20


def people() -> list[tuple[Any, ...]]:
    return list(User.objects.order_by("pk").values_list("pk", "mail", "role", "team", "is_active"))


def test_a_field_that_a_form_does_not_have_changes_nothing(
    send: Any, every_form: list[tuple[str, Form]]
) -> None:
    """Neither who somebody is, nor what the form answers."""
    differing = []
    for role, form in every_form:
        more = {name: value for name, value in NOBODYS.items() if name not in form.fields}
        plain, more_so = (send(role, form, body({**form.fields, **given}), people) for given in ({}, more))
        if (plain[0].status_code, plain[1]) != (more_so[0].status_code, more_so[1]):
            differing.append(f"{role or 'stranger'} {form.method} {form.action}")
    assert differing == []
