"""What is stored of one person: every text column is declared, all of it is found, and none comes back."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from evenbook.book.models import Account, CapacityAdjustment, Contact, Leave, OwnCeiling, Person, PersonAlias
from evenbook.capacity.models import AccountWeek
from evenbook.closures.models import Draft, FollowUp, Loop
from evenbook.hotsheet.models import HotRow
from evenbook.measures.models import MeasureValue
from evenbook.messages.models import Mail
from evenbook.people.actions import NewToken, NotOperations, UserRefused, add_user, make_token
from evenbook.people.models import AuditEntry, Forgotten, ServiceToken, User
from evenbook.people.queries import viewer_of
from evenbook.people.trail import Wanted, trail
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.policy.actions import ensure_first
from evenbook.records.models import Artifact, Interaction, Ticket
from evenbook.runs.models import Run
from evenbook.screens.models import SavedView
from evenbook.site.jobs import run_week
from evenbook.site.personal.declared import TEXTUAL, kept_tables, undeclared
from evenbook.site.personal.forgetting import Outcome, forget
from evenbook.site.personal.subject import NobodyCalled, subject, subject_at
from evenbook.site.personal.taking import take
from evenbook.sources.actions.importing import import_files
from evenbook.sources.sample.actions import load

TODAY = date(2026, 3, 9)
NOW = datetime(2026, 3, 9, 8, tzinfo=UTC)
SALT = "for-tests-only"
PASSWORD = "sunny-orchard-42"

pytestmark = pytest.mark.django_db(transaction=True)


def everything() -> str:
    """Return the whole database as text, the audit trail apart, as somebody reads it who has the file."""
    found = []
    for model in apps.get_models():
        if model is not AuditEntry:
            names = [each.attname for each in model._meta.concrete_fields if isinstance(each, TEXTUAL)]
            found += [
                json.dumps(row, ensure_ascii=False, default=str) for row in model.objects.values_list(*names)
            ]
    return "\n".join(found)


def who_names(*words: str) -> list[str]:
    """Return the tables that still hold one of the words, in any case."""
    held = []
    for kept in kept_tables():
        if kept.model is AuditEntry:
            continue
        rows = kept.model.objects.values_list(*[each for each in kept.words]) if kept.words else ()
        text = json.dumps(list(rows), ensure_ascii=False, default=str).lower()
        held += [kept.label] if any(word.lower() in text for word in words) else []
    return held


@pytest.fixture
def olu() -> Viewer:
    ensure_first(NOW)
    return viewer_of(
        add_user(SYSTEM, mail="olu@evenbook.example", name="Olu Danjuma", role="operations", now=NOW)
    )


def work_of(user: User, mine: Person) -> None:
    """Write what somebody did and said at one account, and what is theirs alone."""
    account = Account.objects.create(
        key="kestrel", name="Kestrel Bio", matched_name="kestrel bio", known_at=NOW
    )
    version = {"source": "crm", "fingerprint": "x", "happened_at": NOW, "known_at": NOW, "account": account}
    Interaction.objects.create(
        **version,
        external_id="i1",
        person=mine,
        kind="call",
        status="completed",
        subject="Amara Okafor's first call",
    )
    artifact = Artifact.objects.create(
        **version,
        external_id="a1",
        author=mine,
        kind="check_in_note",
        summary="OKAFOR, AMARA will send it; write to amara@evenbook.example.",
        fields={"by": ["Amara Okafor"]},
    )
    FollowUp.objects.create(artifact=artifact, what="Send it", who="Amara Okafor", person=mine, due_on=TODAY)
    day = {"event_at": NOW, "opened_at": NOW, "due_on": TODAY, "waived_at": NOW}
    kinds = {"kind": "check_in", "artifact_kind": "check_in_note", "waiver": "overloaded"}
    loop = Loop.objects.create(
        **day, **kinds, key="check_in:crm:i1", account=account, person=mine, waived_by="Amara Okafor"
    )
    Draft.objects.create(loop=loop, user=user, answers={"a": "half a sentence"}, saved_at=NOW)
    SavedView.objects.create(
        user=user, table="accounts", name="Mine", query="owner=amara-okafor", saved_at=NOW
    )
    Mail.objects.create(
        key="m1", to=user.mail, subject="Hello Amara Okafor", text="a link", created_at=NOW, due_at=NOW
    )


@pytest.fixture
def amara(olu: Viewer) -> User:
    """Amara, who signs in and is of the team, with something of hers or about her in many tables."""
    user = add_user(
        olu, mail="amara@evenbook.example", name="Amara Okafor", role="csm", password=PASSWORD, now=NOW
    )
    mine = Person.objects.create(
        key="amara-okafor",
        name="Amara Okafor",
        mail=user.mail,
        user=user,
        languages=["ig"],
        custom={"phone": "0123"},
    )
    ben = Person.objects.create(key="ben", name="Ben Adler", mail="ben@evenbook.example")
    PersonAlias.objects.create(person=mine, source="generic", external_id="Amara Okafor")
    PersonAlias.objects.create(person=mine, source="crm", external_id="005A")
    Leave.objects.create(
        person=mine,
        first_on=TODAY,
        last_on=TODAY,
        kind="illness",
        happened_at=NOW,
        known_at=NOW,
        cover=ben,
        external_id="amara@evenbook.example-7",
    )
    OwnCeiling.objects.create(
        person=mine, first_on=TODAY, a_week=6, reason="her father", happened_at=NOW, known_at=NOW
    )
    CapacityAdjustment.objects.create(
        person=mine, first_on=TODAY, hours=-5, reason="looks after her father", happened_at=NOW, known_at=NOW
    )
    work_of(user, mine)
    return user


def forgotten(by: Viewer, whom: str, tmp_path: Path, *, kind: str = "person", **how: Any) -> Outcome:
    return forget(by, subject(by, whom, kind=kind), salt=SALT, home=tmp_path, now=NOW, **how)


def test_every_text_column_of_every_table_has_a_word_that_says_whether_it_can_name_somebody(db: None) -> None:
    assert list(undeclared()) == []
    assert len(kept_tables()) > 50


def test_a_column_that_nobody_declared_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = next(each for each in kept_tables() if each.label == "records.Ticket")
    words = {name: word for name, word in kept.words.items() if name != "subject"} | {"gone": "free"}
    monkeypatch.setattr(
        "evenbook.site.personal.declared.kept_tables", lambda: (type(kept)(kept.model, words),)
    )
    assert list(undeclared()) == [
        "records.Ticket.subject has no word",
        "records.Ticket.gone is no text column",
    ]


def test_nothing_names_somebody_who_was_forgotten_and_what_they_did_stays(
    olu: Viewer, amara: User, tmp_path: Path
) -> None:
    rows = {
        model: model.objects.count() for model in (Interaction, Artifact, Loop, FollowUp, Leave, AuditEntry)
    }
    outcome = forgotten(olu, "amara@evenbook.example", tmp_path)

    assert outcome.called.name == f"former person {Forgotten.objects.get().pk}"
    assert who_names("amara", "okafor", "illness", "father", "0123") == []
    name, key = outcome.called.name, outcome.called.key
    assert Interaction.objects.get().subject == f"{name}'s first call"
    assert Artifact.objects.get().summary == f"{name} will send it; write to {outcome.called.mail}."
    assert Loop.objects.get().waived_by == FollowUp.objects.get().who == name
    assert Person.objects.get(key=key).pk == Interaction.objects.get().person_id
    assert not Draft.objects.exists() and not SavedView.objects.exists() and not Mail.objects.exists()
    assert {model: model.objects.count() for model in rows} == rows | {AuditEntry: rows[AuditEntry] + 1}
    assert (
        connection.vendor != "sqlite"
        or connection.cursor().execute("pragma foreign_key_check").fetchall() == []
    )


def test_whoever_was_forgotten_can_never_sign_in_and_nobody_can_under_their_address(
    olu: Viewer, amara: User, tmp_path: Path
) -> None:
    make_token(
        viewer_of(User.objects.get(pk=olu.user_id)),
        NewToken("Export", "reader", ["read"], NOW + timedelta(days=9)),
        secret="evb_1234567890",
        now=NOW,
    )
    ServiceToken.objects.update(made_by=amara)
    client = Client()
    client.force_login(amara)
    assert client.get("/accounts").status_code == 200
    forgotten(olu, amara.mail, tmp_path)

    assert client.get("/accounts").status_code == 302
    for mail in ("amara@evenbook.example", User.objects.get(pk=amara.pk).mail):
        assert Client().post("/sign-in", {"mail": mail, "password": PASSWORD}).status_code == 403
    assert ServiceToken.objects.get().ended_at == NOW
    with pytest.raises(UserRefused, match="was forgotten here"):
        add_user(olu, mail="Amara@Evenbook.Example", name="Somebody", role="csm", now=NOW)


def test_a_dry_run_tells_what_would_be_changed_and_changes_nothing(
    olu: Viewer, amara: User, tmp_path: Path
) -> None:
    before, entries = everything(), AuditEntry.objects.count()
    tried = forgotten(olu, "amara-okafor", tmp_path, dry_run=True)
    assert tried.is_dry_run and everything() == before and AuditEntry.objects.count() == entries
    told = {each.table: each.rows for each in tried.changed}
    one_each = ("people_user", "book_person", "closures_draft", "records_artifact", "closures_loop")
    assert [told[table] for table in one_each] == [1] * len(one_each)
    done = forgotten(olu, "amara-okafor", tmp_path)
    assert done.changed == tried.changed and done.rows > 10


def test_the_audit_trail_is_not_changed_and_shows_nobody_who_was_forgotten(
    olu: Viewer, amara: User, tmp_path: Path
) -> None:
    raw = list(AuditEntry.objects.order_by("pk").values())
    outcome = forgotten(olu, amara.mail, tmp_path)
    assert list(AuditEntry.objects.order_by("pk").values())[: len(raw)] == raw
    page = trail(olu, Wanted(), limit=50)
    assert "amara" not in repr(page).lower() and "okafor" not in repr(page).lower()
    newest = page.entries[0]
    assert (newest.what, newest.thing_name, newest.by_name) == (
        "person.forgotten",
        outcome.called.name,
        "Olu Danjuma",
    )
    added = next(
        each for each in page.entries if each.what == "user.added" and each.thing_id == str(amara.pk)
    )
    assert added.after is not None and added.after["name"] == outcome.called.name


def test_who_keeps_the_instance_alone_may_and_not_themselves_and_not_the_last(
    olu: Viewer, amara: User, tmp_path: Path
) -> None:
    with pytest.raises(NotOperations):
        subject(viewer_of(amara), "amara-okafor", kind="person")
    with pytest.raises(UserRefused, match="yourself"):
        forgotten(olu, "olu@evenbook.example", tmp_path)
    with pytest.raises(UserRefused, match="Somebody has to be operations"):
        forgotten(SYSTEM, "olu@evenbook.example", tmp_path)
    with pytest.raises(NobodyCalled, match="Nobody of the team"):
        subject(olu, "nobody", kind="person")
    called = forgotten(olu, "amara-okafor", tmp_path).called
    for again in (called.key, called.mail):
        with pytest.raises(NobodyCalled, match="forgotten already"):
            subject(olu, again, kind="person")


def test_a_name_that_somebody_else_has_too_is_left_where_it_stands_alone(
    olu: Viewer, amara: User, tmp_path: Path
) -> None:
    add_user(olu, mail="other@evenbook.example", name="Amara Okafor", role="csm", now=NOW)
    outcome = forgotten(olu, "amara-okafor", tmp_path)
    assert outcome.subject.is_shared
    assert Loop.objects.get().waived_by == "Amara Okafor"
    assert Artifact.objects.get().summary.endswith(f"write to {outcome.called.mail}.")
    assert User.objects.get(mail="other@evenbook.example").name == "Amara Okafor"
    assert Person.objects.get(key=outcome.called.key).name == outcome.called.name


def test_what_else_they_are_called_is_taken_out_where_it_is_asked_for(
    olu: Viewer, amara: User, tmp_path: Path
) -> None:
    Artifact.objects.update(summary="Amara and A. Okafor called; Okafors Ltd did not.")
    outcome = forgotten(olu, "amara-okafor", tmp_path, also=["Amara", "A. Okafor"])
    name = outcome.called.name
    assert Artifact.objects.get().summary == f"{name} and {name} called; Okafors Ltd did not."


def test_the_file_holds_all_that_names_them_and_nothing_that_opens_a_door(olu: Viewer, amara: User) -> None:
    file = io.BytesIO()
    taken = take(olu, subject(olu, "amara-okafor", kind="person"), file, now=NOW)
    with zipfile.ZipFile(file) as archive:
        held = {name: archive.read(name).decode() for name in archive.namelist()}
    tables = {
        name.removesuffix(".json"): json.loads(text) for name, text in held.items() if name.endswith(".json")
    }
    assert {name: len(rows) for name, rows in tables.items()} == dict(taken.rows)
    assert set(tables) >= {
        "people.User", "people.AuditEntry", "book.Person", "book.PersonAlias", "book.Leave", "closures.Draft",
        "closures.FollowUp", "closures.Loop", "records.Artifact", "records.Interaction", "screens.SavedView",
        "mails.Mail",
    }  # fmt: skip
    assert tables["book.CapacityAdjustment"][0]["reason"] == "looks after her father"
    assert "Amara Okafor" in held["README.txt"] and "password" not in tables["people.User"][0]
    assert amara.password not in "".join(held.values()) and "Ben Adler" not in "".join(held.values())
    assert AuditEntry.objects.latest("pk").what == "personal-data.taken"


def contact_file(tmp_path: Path, *, name: str = "Jane Röe", title: str = "CFO") -> list[Path]:
    written = {
        "accounts.csv": "Account ID,Account Name\nA-1,Kestrel Bio\n",
        "contacts.csv": f"Contact ID,Account ID,Contact Name,Email,Title\nC-1,A-1,{name},jane.roe@kestrel.example,{title}\n",
        "tickets.csv": "Ticket ID,Account ID,Created,Subject,Priority\n"
        f"T-1,A-1,2026-01-02,{name} can't sign in,high\nT-2,A-1,2026-01-03,jane.roe@kestrel.example asks,low\n",
    }
    for file, text in written.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    return [tmp_path / file for file in written]


def counts() -> Counter[str]:
    return Counter({model.__name__: model.objects.count() for model in (Account, Contact, Ticket, Person)})


def test_a_contact_who_was_forgotten_does_not_come_back_with_the_next_import(
    olu: Viewer, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    files = contact_file(tmp_path)
    import_files(files, by=olu, now=NOW, home=home)
    before = counts()
    assert before == {"Account": 1, "Contact": 1, "Ticket": 2, "Person": 0}

    outcome = forgotten(olu, "JANE.ROE@kestrel.example", home, kind="contact")
    name = outcome.called.name
    assert who_names("jane", "röe") == []
    again = import_files(files, by=olu, now=NOW + timedelta(days=1), home=home)
    assert counts() == before and who_names("jane", "röe") == []
    assert sum(file.created + file.changed for file in again.files) == 0

    changed = contact_file(tmp_path, name="Jane Miller", title="CEO")
    import_files(changed, by=olu, now=NOW + timedelta(days=2), home=home)
    assert set(Contact.objects.values_list("name", "mail", "title")) == {(name, outcome.called.mail, "")}
    assert Ticket.objects.get(external_id="T-2", known_until=None).subject == f"{outcome.called.mail} asks"


def test_a_contact_without_an_address_is_found_by_row_and_an_id_that_two_have_names_nobody(
    olu: Viewer, tmp_path: Path
) -> None:
    account = Account.objects.create(key="kestrel", name="Kestrel Bio", matched_name="k", known_at=NOW)
    of_both = {
        "account": account,
        "external_id": "7",
        "fingerprint": "x",
        "happened_at": NOW,
        "known_at": NOW,
    }
    ida = Contact.objects.create(**of_both, source="crm", name="Ida Holm")
    Contact.objects.create(**of_both, source="helpdesk", name="Jun Aro", mail="jun@kestrel.example")
    with pytest.raises(NobodyCalled, match="More than one contact"):
        subject(olu, "7", kind="contact")
    whom = subject_at(olu, "contact", str(ida.pk))
    assert (whom.name, whom.contacts) == ("Ida Holm", (ida.pk,))
    forget(olu, whom, salt=SALT, home=tmp_path, now=NOW)
    assert Contact.objects.get(source="helpdesk").name == "Jun Aro"
    with pytest.raises(NobodyCalled, match="forgotten already"):
        subject_at(olu, "contact", str(ida.pk))
    with pytest.raises(NobodyCalled, match="called otherwise by now"):
        forget(olu, whom, salt=SALT, home=tmp_path, now=NOW)
    assert Forgotten.objects.count() == 1


def test_a_person_who_was_forgotten_does_not_come_back_as_an_owner(olu: Viewer, tmp_path: Path) -> None:
    home = tmp_path / "home"
    file = tmp_path / "accounts.csv"
    rows = "".join(f"A-{n},Company {n},Chidi Eze,chidi.eze@evenbook.example\n" for n in range(4))
    file.write_text(f"Account ID,Account Name,Owner,Owner Email\n{rows}", encoding="utf-8")
    import_files([file], by=olu, now=NOW, home=home)
    assert Person.objects.get().name == "Chidi Eze"

    outcome = forgotten(olu, "chidi.eze@evenbook.example", home)
    file.write_text(
        f"Account ID,Account Name,Owner,Owner Email\n{rows}A-9,Company 9,Chidi Eze,chidi.eze@evenbook.example\n",
        encoding="utf-8",
    )
    import_files([file], by=olu, now=NOW + timedelta(days=1), home=home)
    assert Person.objects.get().name == outcome.called.name
    assert Account.objects.filter(ownerships__person=Person.objects.get()).distinct().count() == 5
    assert who_names("chidi", "eze") == []


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    ensure_first(NOW - timedelta(days=900))
    load(as_of=TODAY, now=NOW, accounts=40, csms=None, seed=5, users={})
    yield tmp_path


def week(key: str = "", called: str = "") -> dict[str, Any]:
    """Return the figures of the week in force; ``called`` stands for the key of one person."""
    subjects = {key: called}
    values = MeasureValue.objects.filter(run__is_current=True).values_list(
        "measure", "as_of", "subject_kind", "subject", "value", "count"
    )
    weeks = AccountWeek.objects.filter(run__is_current=True)
    hot = HotRow.objects.filter(run__is_current=True)
    return {
        "values": sorted((m, str(d), k, subjects.get(s, s), repr(v), n) for m, d, k, s, v, n in values),
        "effort": sorted(
            map(repr, weeks.values_list("account", "person", "pool", "effort_hours", "is_unmonitored"))
        ),
        "hot": sorted(
            map(repr, hot.values_list("account", "person", "points", "arr_cents", "expected_cents"))
        ),
        "loops": sorted(
            map(repr, Loop.objects.values_list("kind", "account", "person", "opened_at", "closed_at"))
        ),
    }


def test_the_weekly_figures_are_the_same_before_and_after(home: Path) -> None:
    run_week(TODAY, by=SYSTEM, home=home, store=True)
    person = Person.objects.filter(account_weeks__run__is_current=True).order_by("pk").first()
    assert person is not None
    contact = (
        Contact.objects.exclude(mail="").filter(known_until=None, is_champion=True).order_by("pk").first()
    )
    assert contact is not None
    before = week(person.key, "them")
    called = forgotten(SYSTEM, person.key, home).called
    forgotten(SYSTEM, contact.mail, home, kind="contact")
    assert week(called.key, "them") == before
    assert any(row[3] == "them" for row in before["values"]) and before["hot"] and before["loops"]
    assert who_names(person.name, person.key, contact.name, contact.mail) == []

    run_week(TODAY, by=SYSTEM, home=home, store=True, restate=True)
    assert Run.objects.count() == 2 and week(called.key, "them") == before
