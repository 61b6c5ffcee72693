"""The weekly audit on its page: what is missing and why, deciding it, counts, files, who sees what."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader
from tests.closures.owing import owed

from evenbook.closures.models import AuditBasis, Diagnosis, Loop, Requirement
from evenbook.measures.models import MeasureValue

PART = {"x-evenbook-part": "row"}


def gap_of(team: Any, name: str) -> Requirement:
    lacking = Requirement.objects.filter(status__in=["missing", "expired"], account__in=team.of(name))
    return lacking.earliest("pk")


def test_each_missing_artifact_stands_with_a_diagnosis_and_its_evidence(as_user, team):
    MeasureValue.objects.filter(measure="effort_load", subject_kind="csm", subject="ben").update(value=1.4)
    answer = as_user("amara").get("/coverage/audit")
    said = answer.content.decode()

    rows = answer.context["rows"]
    assert {row.account.owner_key for row in rows} == {"ben"} and "carries 140% of their capacity" in said
    assert all(f"/coverage/audit/{row.missing.id}" in said for row in rows)
    assert [row.account.owner_name for row in rows] == sorted(row.account.owner_name for row in rows)


def test_a_csm_sees_rows_of_others_without_the_load_behind_them(as_user, team):
    MeasureValue.objects.filter(measure="effort_load", subject_kind="csm").update(value=1.4)
    own = as_user("ben").get("/coverage/audit")
    every = as_user("ben").get("/coverage/audit?whose=all")

    assert {row.account.owner_key for row in own.context["rows"]} == {"ben"}
    of_chidi = [row for row in every.context["rows"] if row.account.owner_key == "chidi"]
    assert of_chidi and all("140%" not in row.suggested.evidence for row in of_chidi)
    assert "load of the owner not known" in of_chidi[0].suggested.evidence
    of_ben = [row for row in every.context["rows"] if row.account.owner_key == "ben"]
    assert "140%" in of_ben[0].suggested.evidence
    assert "Confirm" not in every.content.decode()


def test_an_executive_sees_all_of_it_and_no_single_load(as_user, team):
    MeasureValue.objects.filter(measure="effort_load", subject_kind="csm").update(value=1.4)
    found = as_user("edda").get("/coverage/audit").context["rows"]

    assert {row.account.owner_key for row in found} >= {"ben", "chidi"}
    assert all("140%" not in row.suggested.evidence for row in found)


def test_a_leader_confirms_and_overrules_in_place_and_it_is_counted(as_user, team):
    MeasureValue.objects.filter(measure="effort_load", subject_kind="csm").update(value=0.5)
    client, gap = as_user("amara"), gap_of(team, "ben")
    first = client.post(f"/coverage/audit/{gap.pk}", {"diagnosis": "not_clear"}, headers=PART)
    assert first.status_code == 200 and "confirmed" in first.content.decode()

    second = client.post(
        f"/coverage/audit/{gap.pk}",
        {"diagnosis": "requirement_wrong", "note": "Nobody reads it."},
        headers=PART,
    )

    assert "overruled" in second.content.decode() and "Nobody reads it." in second.content.decode()
    report = client.get("/coverage/audit").context["report"]
    assert [(each.diagnosis, each.overruled) for each in report.ever if each.overruled] == [("not_clear", 1)]
    kept = client.get("/coverage/audit?decided=decided").context["rows"]
    assert [row.missing.id for row in kept] == [gap.pk]
    assert gap.pk not in {
        row.missing.id for row in client.get("/coverage/audit?decided=open").context["rows"]
    }


def test_without_a_script_deciding_leads_back_with_a_word(as_user, team):
    gap = gap_of(team, "ben")
    given = {"diagnosis": "not_clear", "back": "/coverage/audit?owner=ben"}
    answer = as_user("amara").post(f"/coverage/audit/{gap.pk}", given)

    assert answer["Location"] == "/coverage/audit?owner=ben" and Diagnosis.objects.count() == 1


def test_a_refused_diagnosis_changes_nothing_and_keeps_the_note(as_user, team):
    gap = gap_of(team, "ben")
    for given in ({"diagnosis": "lazy", "note": "typed"}, {"diagnosis": "not_clear", "note": "typed" * 101}):
        answer = as_user("amara").post(f"/coverage/audit/{gap.pk}", given, headers=PART)
        assert answer.status_code == 422 and "typed" in answer.content.decode()
    assert not Diagnosis.objects.exists()


@pytest.mark.parametrize(
    ("name", "status"), [("ben", 422), ("olu", 422), ("rea", 422), ("chidi", 404), ("edda", 422)]
)
def test_nobody_but_a_leader_decides(as_user, team, name, status):
    answer = as_user(name).post(
        f"/coverage/audit/{gap_of(team, 'ben').pk}", {"diagnosis": "not_clear"}, headers=PART
    )

    assert answer.status_code == status and not Diagnosis.objects.exists()


def test_the_key_that_decides_is_named_to_whoever_may_use_it(as_user, team):
    told = {
        name: "decides</" in as_user(name).get("/coverage/audit").content.decode()
        for name in ("amara", "ben")
    }
    assert told == {"amara": True, "ben": False}


def test_a_past_week_is_looked_at_and_not_decided(as_user, team):
    answer = as_user("amara").get(f"/coverage/audit?as_of={team.run.as_of}")

    assert answer.context["rows"] and "Confirm" not in answer.content.decode()


def test_filters_keep_what_they_name_and_what_makes_no_sense_is_said(as_user, team):
    client = as_user("lena")
    whole = client.get("/coverage/audit").context["listing"].total
    parts = [client.get(f"/coverage/audit?kind={kind}").context["listing"].total
             for kind in ("check_in_note", "health_review_log", "renewal_risk_brief", "silence_record")]  # fmt: skip
    assert sum(parts) == whole > 0
    assert (
        sum(client.get(f"/coverage/audit?tier={tier}").context["listing"].total for tier in range(1, 5))
        == whole
    )
    said = client.get("/coverage/audit?kind=%3Cscript%3E&tier=banana&as_of=yesterday").content.decode()
    assert "is not known" in said and "is not a day" in said and "<script>" not in said.partition("<main")[2]


def test_nothing_missing_and_no_week_are_said(as_user, team):
    Requirement.objects.update(status="current")
    assert (
        "Nothing is missing, and nothing has expired."
        in as_user("amara").get("/coverage/audit").content.decode()
    )
    team.run.delete()
    assert "Weekly audit" in as_user("amara").get("/coverage/audit").content.decode()
    assert as_user("amara").get("/coverage/audit/pdf").status_code == 404


def test_the_files_hold_what_the_page_shows(as_user, team):
    client = as_user("lena")
    total = client.get("/coverage/audit").context["listing"].total
    rows = list(
        csv.DictReader(io.StringIO(client.get("/coverage/audit?export=csv").content.decode("utf-8-sig")))
    )
    answer = client.get("/coverage/audit/pdf?owner=ben")
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)

    assert len(rows) == total and {"suggested", "evidence", "decided"} <= set(rows[0])
    assert answer["Content-Type"] == "application/pdf" and "Requirements by tier" in text
    assert "Ben Adler" in text and "Chidi" not in text.partition("Missing or expired")[2]


def test_a_form_that_takes_long_to_fill_is_named_as_at_fault(as_user, team):
    for number, seconds in enumerate((200, 310, 320, 330, 90_000)):
        owed(
            team.of("ben")[0], by=team.people["ben"], event=f"crm:{number}", closed_at=company_now(),
            writing_seconds=seconds,
        )  # fmt: skip
    said = as_user("amara").get("/coverage/audit").content.decode()

    assert "The form of the check-in note is at fault" in said and "5.33 minutes" in said
    Loop.objects.filter(writing_seconds=330).delete()
    assert "is at fault" not in as_user("amara").get("/coverage/audit").content.decode()


def company_now() -> Any:
    from tests.pages.company import NOW

    return NOW


def test_queries_do_not_grow_with_what_is_missing(as_user, team):
    client = as_user("amara")

    def taken() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/coverage/audit")
        return len(queries)

    few = taken()
    Requirement.objects.update(status="missing")

    assert taken() == few and not AuditBasis.objects.exists()
