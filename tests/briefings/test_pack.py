"""The pack of a handoff: what a reader finds in it, in each kind of file, and what it says is missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from docx import Document as read_docx
from pypdf import PdfReader
from tests.briefings.handing import announced, of_ben
from tests.closures.owing import NOW, owed, viewer
from tests.pages.company import LONG_AGO, book_meeting, known, version

from evenbook.book.models import Account, Contact, Handover, Ownership
from evenbook.briefings.actions.announcing import NoSuchHandoff
from evenbook.briefings.files import FORMATS, NoSuchFormat, Paper, paper
from evenbook.briefings.models import Handoff
from evenbook.capacity.models import RoleWeek
from evenbook.closures.models import FollowUp, Requirement
from evenbook.people.models import AuditEntry
from evenbook.records.models import Artifact

EVIL = "<script>hit()</script> =1+1 \u202e\x07 &amp;"


@pytest.fixture
def told(team: Any) -> Handoff:
    """Return a handoff of Ben's whose first account has something of everything."""
    account, ben = of_ben(team), team.people["ben"]
    Artifact.objects.create(
        account=account, kind="decision_record", author=ben,
        fields={
            "decisions": "They take the second plant live in June; Maren Voll decided.",
            "follow_ups": [{"what": "Order the sensors", "who": "Ben Adler", "by": "2026-03-30"}],
            "promised": "A named contact for the night shift.",
            "next_review": "2026-06-12",
        },
        **version("decision", NOW - timedelta(days=9)),
    )  # fmt: skip
    note = Artifact.objects.create(
        account=account, kind="check_in_note", author=ben,
        fields={"summary": "The export works; the audit is next.", "next_touchpoint": "2026-03-20"},
        **version("note", NOW - timedelta(days=2)),
    )  # fmt: skip
    FollowUp.objects.create(
        artifact=note, what="Send the audit file", who="Ben Adler", person=ben, due_on=date(2026, 3, 6)
    )
    FollowUp.objects.create(
        artifact=note, what="Already sent", who="Ben Adler", due_on=date(2026, 3, 6), done_at=NOW
    )
    owed(account, by=ben, kind="escalation", due_on=date(2026, 3, 5))
    book_meeting(account, ben, at=NOW + timedelta(days=3))
    Requirement.objects.filter(account=account, kind="check_in_note").update(
        status="expired", on=date(2026, 3, 1)
    )
    return announced()


def pdf_text(made: Paper) -> str:
    pages = [page.extract_text() for page in PdfReader(BytesIO(made.written("pdf"))).pages]
    return " ".join("\n".join(pages).replace("\u200b", "").split())


def docx_text(made: Paper) -> str:
    file = read_docx(BytesIO(made.written("docx")))
    return " ".join(
        " ".join(
            each.text for each in file.element.body.iter() if each.tag.endswith("}t") and each.text
        ).split()
    )


WRITTEN: dict[str, Callable[[Paper], str]] = {
    "pdf": pdf_text,
    "docx": docx_text,
    "html": lambda made: made.written("html").decode(),
}
FOUND = (
    "Handoff of Ben Adler", "Departure from 1 Apr 2026", "Chidi Eze (4)",  # who, why, when, to whom
    "Northwind Foods", "T1 Strategic", "Enterprise", "310,000.00",  # what it is
    "Healthy since", "Health 92 of 100", "Weekly users 64 → 31 in four weeks.",  # where it stands
    "They take the second plant live in June", "A named contact for the night shift.",  # decisions
    "A. Rao (champion)", "Head of data",  # people
    "Send the audit file",  # promises
    "Escalation: Escalation handoff", "5 Mar 2026",  # loops
    "Next review", "12 Jun 2026", "Renewal", "Meeting: Review of goals", "Next touchpoint", "20 Mar 2026",  # dates
    "The export works; the audit is next.",  # what was written last
    "Check-in note: expired 1 Mar 2026.",  # what is lacking
)  # fmt: skip


@pytest.mark.parametrize("kind", FORMATS)
def test_a_reader_finds_all_that_they_need(told: Handoff, kind: str) -> None:
    text = WRITTEN[kind](paper(viewer("ben"), told.pk, now=NOW))
    assert [words for words in FOUND if words not in text] == []
    assert "Already sent" not in text


@pytest.mark.parametrize("kind", FORMATS)
def test_who_has_another_role_on_an_account_is_named(told: Handoff, team: Any, kind: str) -> None:
    account = of_ben(team)
    given = {"run": team.run, "account": account, "hours": 0.5}
    RoleWeek.objects.create(role="onboarding", person=team.people["chidi"], works=True, **given)
    RoleWeek.objects.create(role="expansion", pool=team.pool, works=False, **given)
    said = "Onboarding owner: Chidi Eze, who works it now; Expansion owner: Digital"

    for wanted in ({}, {"account": account.key}):
        text = WRITTEN[kind](paper(viewer("ben"), told.pk, now=NOW, **wanted))
        assert said in text and text.count("Other roles") == 1


@pytest.mark.parametrize("kind", FORMATS)
def test_roles_of_the_giver_on_accounts_of_others_are_said_to_go_to_nobody(
    told: Handoff, team: Any, kind: str
) -> None:
    ben, other, own = team.people["ben"], team.of("chidi")[0], of_ben(team)
    for account, role, works in ((other, "onboarding", True), (own, "expansion", False)):
        Ownership.objects.create(account=account, role=role, person=ben, source="test", **known(LONG_AGO))
        RoleWeek.objects.create(run=team.run, account=account, role=role, person=ben, works=works, hours=0.5)
    text = WRITTEN[kind](paper(viewer("ben"), told.pk, now=NOW))

    assert "Roles on accounts of others" in text and text.count("Onboarding owner") == 1
    assert "Nobody receives what Ben Adler has on these accounts." in text
    assert "Name who has each role from 1 Apr 2026 on" in text
    brief = WRITTEN[kind](paper(viewer("ben"), told.pk, account=own.key, now=NOW))
    assert "Roles on accounts of others" not in brief
    assert "Expansion owner: Ben Adler, and goes to Chidi Eze" in brief


def test_who_may_not_open_an_account_does_not_read_of_the_giver_s_role_on_it(
    told: Handoff, team: Any
) -> None:
    other = team.of("chidi")[0]
    role = {"account": other, "role": "onboarding", "person": team.people["ben"]}
    RoleWeek.objects.create(run=team.run, works=True, hours=0.5, **role)
    assert "Roles on accounts of others" not in pdf_text(paper(viewer("ben"), told.pk, now=NOW))

    assert "Roles on accounts of others" in pdf_text(paper(viewer("lena"), told.pk, now=NOW))


@pytest.mark.parametrize("kind", FORMATS)
def test_what_is_missing_is_said_as_missing(team: Any, kind: str) -> None:
    account = of_ben(team)
    Artifact.objects.filter(account=account).delete()
    Contact.objects.filter(account=account).delete()
    made = announced()
    text = (
        WRITTEN[kind](paper(viewer("ben"), made.pk, account=account.key, now=NOW))
        .replace("<strong>", "")
        .replace("</strong>", "")
    )
    for words in (
        "No decision is recorded.",
        "Nobody on the customer’s side is known.",
        "Nothing was written of this account.",
    ):
        assert f"Missing: {words} Ask Ben Adler before 1 Apr 2026." in text
    assert "No promise is open." in text and "No loop is open." in text


def test_the_first_page_counts_what_is_missing_and_lists_where_most_is_open(told: Handoff) -> None:
    text = pdf_text(paper(viewer("ben"), told.pk, now=NOW))
    first = text.partition("Where it stands")[0]
    assert "What is missing" in first and "Decisions 3" in first
    assert "Northwind Foods Chidi Eze 1 1 1 310,000.00" in first


def test_each_account_begins_on_its_own_page(told: Handoff, team: Any) -> None:
    pages = [
        page.extract_text()
        for page in PdfReader(BytesIO(paper(viewer("ben"), told.pk, now=NOW).written("pdf"))).pages
    ]
    for account in team.of("ben"):
        assert any(page.lstrip().startswith(account.name) for page in pages[1:]), account.name


@pytest.mark.parametrize("kind", FORMATS)
def test_hostile_names_do_no_harm(team: Any, kind: str) -> None:
    Account.objects.filter(key="a-00000").update(name=EVIL.replace("\x07", ""))
    Contact.objects.filter(account__key="a-00000").update(name=EVIL.replace("\x07", ""), title="x" * 200)
    written = paper(viewer("ben"), announced().pk, now=NOW).written(kind)
    assert written and (kind != "html" or b"<script>" not in written)


def test_a_receiver_gets_the_whole_pack_and_others_the_names_alone(told: Handoff) -> None:
    whole = paper(viewer("chidi"), told.pk, now=NOW)
    assert whole.accounts == 4
    Handoff.objects.filter(pk=told.pk).update(called_off_at=NOW)
    Handover.objects.update(called_off_at=NOW)
    names_alone = paper(viewer("chidi"), told.pk, now=NOW)
    text = names_alone.written("html").decode()
    assert names_alone.accounts == 0 and "Not yours to open, and left out here" in text
    assert "Northwind Foods" in text and "310,000" not in text and "A. Rao" not in text


def test_what_is_not_there_is_refused(told: Handoff) -> None:
    with pytest.raises(NoSuchHandoff):
        paper(viewer("ben"), 987654, now=NOW)
    with pytest.raises(NoSuchHandoff, match="is not in this handoff, or not yours to open"):
        paper(viewer("ben"), told.pk, account="a-00001", now=NOW)
    with pytest.raises(NoSuchFormat, match="There is no pack as 'exe'"):
        paper(viewer("ben"), told.pk, now=NOW).written("exe")


@pytest.mark.parametrize("kind", FORMATS)
def test_a_pack_that_is_taken_away_is_recorded(
    as_user: Callable[[str], Client], team: Any, kind: str
) -> None:
    handoff = announced(now=datetime.now(UTC), first_on=datetime.now(UTC).date() + timedelta(days=9))
    client = as_user("ben")
    answer = client.get(f"/handoffs/{handoff.pk}/pack?format={kind}")
    assert answer["Content-Type"] == FORMATS[kind][0] and "attachment" in answer["Content-Disposition"]
    brief = client.get(f"/handoffs/{handoff.pk}/briefs/a-00000?format={kind}")
    assert brief["Content-Disposition"].endswith(f'-a-00000.{kind}"')
    entries = AuditEntry.objects.filter(what="export.taken").order_by("pk")
    assert [each.rows for each in entries] == [4, 1]


def test_a_format_that_there_is_not_is_refused_in_words(as_user: Callable[[str], Client], team: Any) -> None:
    handoff = announced(now=datetime.now(UTC), first_on=datetime.now(UTC).date() + timedelta(days=9))
    page = as_user("ben").get(f"/handoffs/{handoff.pk}/pack?format=exe", follow=True).content.decode()
    assert "There is no pack as &#x27;exe&#x27;" in page or "There is no pack as 'exe'" in page
    assert not AuditEntry.objects.filter(what="export.taken").exists()
