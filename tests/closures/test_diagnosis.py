"""Why an artifact is missing: what is suggested, on what evidence, and what leaders decide of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.pages import company
from tests.pages.company import AS_OF, NOW, Company

from evenbook.closures.actions.diagnosing import DiagnosisRefused, NoSuchGap, decide
from evenbook.closures.models import Diagnosis, FollowUp, Loop, Requirement
from evenbook.closures.queries.audit import Missing, audit, gap
from evenbook.closures.queries.diagnoses import decided_counts, decisions, diagnoses
from evenbook.closures.rules.diagnosis import (
    DIAGNOSES,
    INTERACTION,
    OVERLOADED,
    REQUIREMENT,
    UNCLEAR,
    Followed,
    Grounds,
    OwnerKnown,
    Owners,
    diagnose,
)
from evenbook.measures.models import MeasureValue
from evenbook.people.models import AuditEntry
from evenbook.people.queries import viewer_of
from evenbook.people.viewer import Viewer
from evenbook.policy.queries import in_force
from evenbook.records.models import Artifact
from evenbook.runs.queries import RunInfo, Week
from evenbook.states.models import Transition

GROUNDS = Grounds(load=1.1, share=0.6, least=3)
CALM = OwnerKnown(load=0.92, share=0.05, base=0.06)
FEW, NONE_LACK = Owners(6, 1), Followed(12, 3)


def test_a_load_over_capacity_is_an_overload():
    found = diagnose(replace(CALM, load=1.28), FEW, NONE_LACK, GROUNDS)

    assert found.diagnosis == OVERLOADED
    assert found.evidence == "The owner carries 128% of their capacity, over 110%."


def test_a_missing_share_that_rose_against_the_own_base_is_an_overload():
    risen = OwnerKnown(load=0.92, share=0.39, base=0.10, weeks_above=9, has_risen=True)

    assert diagnose(risen, FEW, NONE_LACK, GROUNDS).evidence == (
        "The owner's missing share is 39%, for 9 weeks above their base of 10%."
    )


def test_what_most_owners_of_the_tier_lack_is_a_wrong_requirement():
    found = diagnose(CALM, Owners(6, 5), NONE_LACK, GROUNDS)

    assert found.diagnosis == REQUIREMENT
    assert found.evidence == "5 of 6 owners of the tier lack it at most of their accounts."
    assert diagnose(CALM, Owners(5, 3), NONE_LACK, GROUNDS).diagnosis == REQUIREMENT
    assert diagnose(CALM, Owners(6, 3), NONE_LACK, GROUNDS).diagnosis == UNCLEAR


def test_of_two_owners_most_says_nothing():
    assert diagnose(CALM, Owners(2, 2), NONE_LACK, GROUNDS).diagnosis == UNCLEAR


def test_what_is_followed_by_nothing_at_most_accounts_should_not_have_happened():
    found = diagnose(CALM, FEW, Followed(12, 11), GROUNDS)

    assert found.diagnosis == INTERACTION
    assert found.evidence.startswith("At 11 of 12 accounts of the tier nothing followed it")


def test_the_evidence_of_what_else_holds_stands_beside_it():
    found = diagnose(replace(CALM, load=1.28), Owners(6, 5), NONE_LACK, GROUNDS)

    assert found.diagnosis == OVERLOADED
    assert "5 of 6 owners" in found.evidence


def test_where_nothing_holds_it_is_not_clear_and_says_what_was_looked_at():
    found = diagnose(CALM, FEW, NONE_LACK, GROUNDS)

    assert found.diagnosis == UNCLEAR
    assert found.evidence == (
        "Looked at: load of the owner 92%; their missing share 5%, base 6%; "
        "1 of 6 owners of the tier lack it at most of their accounts; "
        "nothing followed it at 3 of 12 accounts."
    )


def test_an_account_of_a_pool_or_of_nobody_has_no_owner_to_be_overloaded():
    found = diagnose(None, Owners(), Followed(), GROUNDS)

    assert found.evidence == (
        "Looked at: no single owner; no owner of the tier to compare with; nothing told yet of what follows it."
    )


SHARE = some.none() | some.floats(0, 3)


@given(
    some.none() | some.builds(OwnerKnown, SHARE, SHARE, SHARE, some.integers(0, 9), some.booleans()),
    some.builds(Owners, some.integers(0, 9), some.integers(0, 9)),
    some.builds(Followed, some.integers(0, 9), some.integers(0, 9)),
)
def test_every_diagnosis_has_evidence(owner: Any, owners: Owners, followed: Followed) -> None:
    found = diagnose(owner, owners, followed, GROUNDS)

    assert found.diagnosis in DIAGNOSES
    assert found.evidence.endswith(".")


# From the database: Ben and Chidi own accounts, Amara leads Ben.


@pytest.fixture
def team(db: None) -> Company:
    return company.build()


def week_of(team: Company) -> Week:
    return Week(RunInfo(team.run.pk, AS_OF, 1, NOW), in_force(AS_OF).policy)


def viewer(team: Company, name: str) -> Viewer:
    return viewer_of(team.users[name], surface="page")


def first_gap(team: Company, name: str) -> Missing:
    found = audit(viewer(team, name), team.run.pk)
    return next(each for each in found.missing if each.account.owner_key == "ben")


def suggested(team: Company, name: str, missing: Missing) -> Any:
    return diagnoses(viewer(team, name), week_of(team), [missing])[missing.gap]


def load_of_ben(value: float) -> None:
    MeasureValue.objects.filter(measure="effort_load", subject_kind="csm", subject="ben").update(value=value)


def test_the_owners_load_is_read_as_the_viewer_may_see_it(team: Company):
    load_of_ben(1.4)
    missing = first_gap(team, "amara")

    assert suggested(team, "amara", missing).diagnosis == OVERLOADED
    assert suggested(team, "edda", missing).diagnosis == UNCLEAR
    assert "load of the owner not known" in suggested(team, "edda", missing).evidence


def test_owners_that_lack_it_at_most_of_their_accounts_are_counted_over_all_of_the_tier(team: Company):
    load_of_ben(0.5)
    missing = first_gap(team, "amara")
    Requirement.objects.filter(kind=missing.kind).update(status="missing")

    rows = list(team.run.account_weeks.filter(tier=missing.account.tier))  # type: ignore[attr-defined]
    for row, name in zip(rows, ("amara", "ben", "chidi") * len(rows), strict=False):
        row.person = team.people[name]
        row.save()

    found = suggested(team, "amara", missing)

    assert found.diagnosis == REQUIREMENT
    assert found.evidence == "3 of 3 owners of the tier lack it at most of their accounts."


def closed(team: Company, missing: Missing, *, count: int) -> list[Artifact]:
    """Write the kind at so many accounts of the tier, 40 days ago, each with a follow-up."""
    at = NOW - timedelta(days=40)
    rows = [
        row.account
        for row in team.run.account_weeks.filter(tier=missing.account.tier).order_by("pk")[:count]  # type: ignore[attr-defined]
    ]
    Transition.objects.all().delete()
    made = []
    for number, account in enumerate(rows):
        note = Artifact.objects.create(
            account=account, kind=missing.kind, **company.version(f"n-{number}", at), closes=f"k-{number}"
        )
        Loop.objects.create(
            key=f"k-{number}", kind="check_in", account=account, artifact_kind=missing.kind, event_at=at,
            opened_at=at, due_on=at.date(), closed_at=at, closed_by=note,
        )  # fmt: skip
        FollowUp.objects.create(artifact=note, what="Send it", who="Ben", due_on=at.date())
        made.append(note)
    return made


def test_what_nothing_followed_is_counted_by_account(team: Company):
    load_of_ben(0.5)
    missing = first_gap(team, "amara")
    notes = closed(team, missing, count=4)

    assert suggested(team, "amara", missing).diagnosis == INTERACTION

    FollowUp.objects.filter(artifact=notes[0]).update(done_at=NOW)
    assert suggested(team, "amara", missing).diagnosis == INTERACTION
    Transition.objects.create(
        run=team.run, account=notes[1].account, on=AS_OF - timedelta(days=5), from_state="healthy",
        to_state="at_risk", policy_version=1,
    )  # fmt: skip
    found = suggested(team, "amara", missing)
    assert found.diagnosis == UNCLEAR
    assert "nothing followed it at 2 of 4 accounts" in found.evidence


def test_a_leader_confirms_or_overrules_and_it_is_kept_and_counted(team: Company):
    load_of_ben(1.4)
    missing = first_gap(team, "amara")
    amara, week, key = viewer(team, "amara"), week_of(team), missing.account.key

    assert decide(key, missing.kind, OVERLOADED, by=amara, week=week, now=NOW).diagnosis == OVERLOADED
    assert decisions(amara, [missing])[missing.gap].is_confirmed
    decide(key, missing.kind, REQUIREMENT, "Nobody reads it.", by=amara, week=week, now=NOW)

    found = decisions(amara, [missing])[missing.gap]
    assert (found.decided, found.note, found.by) == (REQUIREMENT, "Nobody reads it.", "Amara Okafor")
    assert decided_counts(amara, since=NOW) == {(OVERLOADED, REQUIREMENT): 1}
    said = AuditEntry.objects.filter(thing_kind="diagnosis").order_by("pk").values_list("what", flat=True)
    assert list(said) == ["diagnosis.confirmed", "diagnosis.overruled"]


def test_deciding_the_same_again_changes_nothing(team: Company):
    missing = first_gap(team, "amara")
    for _ in range(2):
        decide(
            missing.account.key, missing.kind, UNCLEAR, by=viewer(team, "amara"), week=week_of(team), now=NOW
        )

    assert Diagnosis.objects.count() == 1
    assert AuditEntry.objects.filter(thing_kind="diagnosis").count() == 1


def test_an_artifact_that_is_missing_anew_is_judged_anew(team: Company):
    missing = first_gap(team, "amara")
    decide(missing.account.key, missing.kind, UNCLEAR, by=viewer(team, "amara"), week=week_of(team), now=NOW)

    assert decisions(viewer(team, "amara"), [replace(missing, since=date(2026, 5, 1))]) == {}


@pytest.mark.parametrize("name", ["ben", "olu", "edda", "rea"])
def test_nobody_but_a_leader_decides(team: Company, name: str):
    missing = first_gap(team, "amara")

    with pytest.raises(DiagnosisRefused):
        decide(missing.account.key, missing.kind, UNCLEAR, by=viewer(team, name), week=week_of(team), now=NOW)
    assert not Diagnosis.objects.exists()


def test_a_leader_decides_of_their_own_teams_alone_and_of_what_is_missing(team: Company):
    amara, week = viewer(team, "amara"), week_of(team)
    of_chidi = next(
        each for each in audit(viewer(team, "lena"), team.run.pk).missing if each.account.owner_key == "chidi"
    )
    assert gap(viewer(team, "lena"), team.run.pk, of_chidi.account.key, of_chidi.kind) == of_chidi

    for key, kind in ((of_chidi.account.key, of_chidi.kind), ("a-00000", "silence_record"), ("?", "?")):
        with pytest.raises(NoSuchGap):
            decide(key, kind, UNCLEAR, by=amara, week=week, now=NOW)


def test_what_is_no_diagnosis_and_a_long_note_are_refused(team: Company):
    missing = first_gap(team, "amara")

    for decided, note in (("lazy", ""), (UNCLEAR, "x" * 501)):
        with pytest.raises(DiagnosisRefused):
            decide(
                missing.account.key, missing.kind, decided, note, by=viewer(team, "amara"), week=week_of(team),
                now=NOW,
            )  # fmt: skip
