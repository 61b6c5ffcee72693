"""A role that somebody had passes to somebody else: decided, announced, written of, confirmed; and called off."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.briefings.handing import FIRST, TODAY, everything, of_ben, wanted
from tests.closures.owing import NOW, answers, owed, viewer

from evenbook.balance.actions.proposals import ProposalGone, ProposalNotYours, ProposalRefused
from evenbook.book.access import accounts_seen_by, answers_for
from evenbook.book.holding import role_history
from evenbook.book.models import Account, Handover, Ownership, Person
from evenbook.briefings.actions.announcing import announce, call_off, redirect
from evenbook.briefings.actions.confirming import confirm
from evenbook.briefings.actions.passing_on import RolePassed, pass_role
from evenbook.briefings.files import paper
from evenbook.briefings.models import Handoff
from evenbook.briefings.queries.handoffs import handoff, to_do
from evenbook.briefings.queries.passing import PassingWanted, passed, passing
from evenbook.briefings.queries.plans import HandoffNotYours, HandoffRefused, plan
from evenbook.briefings.rules.window import usual_day
from evenbook.closures.actions.closing import close
from evenbook.closures.models import Loop
from evenbook.messages.models import Mail
from evenbook.people.models import AuditEntry
from evenbook.runs.queries import week


def give(
    to: str = "chidi",
    *,
    of: Account,
    by: str = "lena",
    now: datetime = NOW,
    role: str = "expansion",
    **more: Any,
) -> RolePassed | None:
    return pass_role(of.key, role, to=to, reason="A new plan.", by=viewer(by), now=now, **more)


def held(team: Any, *, person: str = "ben", role: str = "expansion", place: int = 0) -> Account:
    """Let somebody have a role on one of Chidi's accounts."""
    account: Account = team.of("chidi")[place]
    since = NOW - timedelta(days=90)
    Ownership.objects.create(
        account=account,
        role=role,
        person=team.people[person],
        source="crm",
        happened_at=since,
        known_at=since,
    )
    return account


def history(account: Account) -> list[tuple[str, str]]:
    return [(each.name, each.state) for each in role_history(viewer("lena"), account.pk, now=NOW) if each.role != "owner"]  # fmt: skip


def loop_of(handover: Handover, *, by: Person) -> Loop:
    event = f"{handover.account.key}:{handover.role}:{handover.first_on}:{handover.pk}"
    return owed(
        handover.account, by=by, kind="change_of_owner", event=event, role=handover.role,
        due_on=handover.first_on - timedelta(days=1),
    )  # fmt: skip


def test_the_first_giving_of_a_role_announces_nothing(team: Any) -> None:
    done = give(of=of_ben(team))
    assert (
        done is not None
        and done.handoff is None
        and (done.given.change.before_name, done.given.first_on) == ("nobody", TODAY)
    )
    assert not Handoff.objects.exists() and not Handover.objects.exists()


def test_a_role_that_somebody_had_is_announced_and_passes_on_its_day(team: Any, settings: Any) -> None:
    settings.EVENBOOK_MAIL_URL, settings.EVENBOOK_URL = "smtp://localhost:2525", "https://evenbook.example"
    account = held(team)
    done = give(of=account, first_on=FIRST)

    assert done is not None and done.handoff is not None
    made, row = Handoff.objects.get(), Handover.objects.get()
    assert (made.pk, made.giver.key, made.receiver.key, made.reason, made.asks) == (
        done.handoff, "ben", "chidi", "role_passed", "transfer_briefs",
    )  # fmt: skip
    assert (row.account, row.role, row.first_on, row.asks_brief) == (account, "expansion", FIRST, True)
    assert history(account) == [("Chidi Eze", "to_come"), ("Ben Adler", "now")]
    given = Ownership.objects.get(role="expansion", person=team.people["chidi"])
    assert (given.happened_at, given.known_at) == (datetime(2026, 4, 1, tzinfo=UTC), NOW)
    assert [each.what for each in AuditEntry.objects.order_by("pk")] == [
        "account.role_given",
        "handoff.announced",
    ]
    assert [each.subject for each in Mail.objects.all()] == [
        "A role on one account of Ben Adler for you from 1 Apr 2026"
    ]


def test_saying_it_again_changes_nothing(team: Any) -> None:
    account = held(team)
    give(of=account, first_on=FIRST)
    before = everything(), Ownership.objects.count()
    assert give(of=account, first_on=FIRST) is None
    assert (everything(), Ownership.objects.count()) == before


def test_what_the_same_two_pass_on_a_day_is_one_handoff(team: Any) -> None:
    one, other = held(team), held(team, place=1)
    first, second = give(of=one, first_on=FIRST), give(of=other, first_on=FIRST)
    assert first and second and first.handoff == second.handoff
    later = give("amara", of=held(team, place=2), first_on=FIRST)
    assert later and later.handoff not in (None, first.handoff), "somebody else receives it"


def test_another_role_of_the_same_two_on_the_account_is_a_handoff_of_its_own(team: Any) -> None:
    account = held(team)
    held(team, role="renewal")
    first, second = give(of=account, first_on=FIRST), give(of=account, first_on=FIRST, role="renewal")
    assert first and second and second.handoff not in (None, first.handoff)


@pytest.mark.parametrize("to", ["", "pool:digital"])
def test_what_goes_to_a_pool_or_to_nobody_is_no_handoff(team: Any, to: str) -> None:
    done = give(to, of=held(team))
    assert done is not None and done.handoff is None and not Handoff.objects.exists()


def test_a_handoff_of_the_whole_book_takes_roles_along_and_explains_the_change(team: Any) -> None:
    account = held(team)
    found = plan(viewer("ben"), wanted(), now=NOW)
    assert found.roles == {account.pk: "expansion"} and account.pk in found.receivers
    announce(wanted(), by=viewer("ben"), now=NOW)
    assert Handover.objects.get(account=account).role == "expansion"
    assert set(Handover.objects.exclude(account=account).values_list("role", flat=True)) == {"owner"}
    done = give(of=account, first_on=FIRST)
    assert done is not None and done.handoff is None and Handoff.objects.count() == 1


@pytest.mark.parametrize(
    ("error", "asked", "says"),
    [
        (ProposalRefused, {"first_on": TODAY - timedelta(days=1)}, "8 Mar 2026 is past."),
        (ProposalRefused, {"first_on": TODAY + timedelta(days=800)}, "more than two years ahead"),
        (ProposalRefused, {"role": "owner"}, "'owner' is no role."),
        (ProposalGone, {"to": "zed"}, "There is nobody 'zed' here."),
        (ProposalNotYours, {"by": "chidi"}, "It is not yours to decide."),
    ],
)
def test_it_is_refused_in_words_and_changes_nothing(
    team: Any, error: type[Exception], asked: dict[str, Any], says: str
) -> None:
    account = held(team)
    if asked.get("by") == "chidi":
        give(of=account)
    before = everything(), Ownership.objects.count()
    with pytest.raises(error, match=says):
        give(**{"to": "amara", "of": account, **asked})
    assert (everything(), Ownership.objects.count()) == before


def test_who_leaves_before_the_day_can_not_receive_it(team: Any) -> None:
    account = held(team)
    Person.objects.filter(key="chidi").update(left_on=FIRST - timedelta(days=1))
    with pytest.raises(ProposalGone, match="There is nobody 'chidi' here"):
        give(of=account, first_on=FIRST)
    assert give(of=account) is not None, "today they are here"


def test_here_today_is_the_day_of_the_organization(team: Any) -> None:
    from evenbook.policy.actions import ensure_first

    ensure_first(NOW - timedelta(days=400), but={"organization": {"time_zone": "Pacific/Auckland"}})
    late = datetime(2026, 3, 9, 12, 30, tzinfo=UTC)  # there it is the tenth already
    Person.objects.filter(key="chidi").update(left_on=date(2026, 3, 9))
    with pytest.raises(ProposalGone, match="There is nobody 'chidi' here"):
        give(of=held(team), now=late)


def test_another_change_before_one_that_is_decided_is_refused(team: Any) -> None:
    account = held(team)
    give(of=account, first_on=FIRST)
    with pytest.raises(ProposalRefused, match="it passes to Chidi Eze on 1 Apr 2026 already"):
        give("amara", of=account)
    with pytest.raises(ProposalRefused, match="already"):
        give("chidi", of=account, first_on=TODAY + timedelta(days=2))


def test_the_old_holder_writes_the_brief_and_the_receiver_confirms(team: Any) -> None:
    account = held(team)
    done = give(of=account, first_on=FIRST)
    assert done is not None and done.handoff is not None
    row = Handover.objects.get()
    loop = loop_of(row, by=team.people["ben"])
    assert [each.accounts for each in to_do(viewer("chidi"), team.people["chidi"].pk)] == [1]

    with pytest.raises(HandoffRefused, match="The transfer brief of .* is not written yet"):
        confirm(done.handoff, account.key, by=viewer("chidi"), now=NOW)
    brief = answers("transfer_brief", today=TODAY)
    assert close(loop.key, brief, by=viewer("ben"), tier=1, now=NOW).is_closed
    assert confirm(done.handoff, account.key, by=viewer("chidi"), now=NOW + timedelta(days=3)) is True
    shown = handoff(viewer("lena"), done.handoff)
    assert shown is not None and (shown.state, shown.days, shown.reason_name) == ("done", 3, "Role passed on")


def test_its_pack_says_what_passes_on_and_to_whom(team: Any) -> None:
    done = give(of=held(team), first_on=FIRST)
    assert done is not None and done.handoff is not None
    text = "".join(paper(viewer("lena"), done.handoff, now=NOW).written("html").decode().split("\n"))
    assert "Role passed on from 1 Apr 2026" in text and "Expansion owner" in text
    assert "Roles on accounts of others" not in text


def test_the_brief_of_another_change_on_the_account_is_not_this_one_s(team: Any) -> None:
    account = held(team)
    owner = owed(account, by=team.people["amara"], kind="change_of_owner", event=f"{account.key}:2026-03-05", role="owner", due_on=TODAY)  # fmt: skip
    done = give(of=account, first_on=FIRST)
    shown = handoff(viewer("lena"), done.handoff if done and done.handoff else 0)
    assert shown is not None
    rows = passing(viewer("lena"), shown, PassingWanted())
    (stands,) = passed(viewer("lena"), week(viewer("lena")), shown, rows, now=NOW)
    assert stands.loop is None and owner.role == "owner" and stands.of.role_title == "Expansion owner"


def test_a_role_that_went_elsewhere_is_not_confirmed(team: Any) -> None:
    account = held(team)
    done = give(of=account)
    assert done is not None and done.handoff is not None
    give("amara", of=account, now=NOW + timedelta(hours=1))
    loop = loop_of(Handover.objects.order_by("pk")[0], by=team.people["chidi"])
    Loop.objects.filter(pk=loop.pk).update(closed_at=NOW)
    with pytest.raises(HandoffRefused, match="is with Amara Okafor now"):
        confirm(done.handoff, account.key, by=viewer("chidi"), now=NOW + timedelta(hours=2))


def test_calling_it_off_before_its_day_leaves_the_role_where_it_is(team: Any) -> None:
    account = held(team)
    done = give(of=account, first_on=FIRST)
    assert done is not None and done.handoff is not None
    for name in ("ben", "chidi"):
        with pytest.raises(HandoffNotYours):
            call_off(done.handoff, by=viewer(name), now=NOW)
    call_off(done.handoff, by=viewer("lena"), now=NOW)
    call_off(done.handoff, by=viewer("lena"), now=NOW)

    assert Handover.objects.get().called_off_at == NOW
    assert history(account) == [("Ben Adler", "now")]
    again = give("amara", of=account)
    assert again is not None and again.handoff not in (None, done.handoff)


def test_calling_it_off_afterwards_gives_nothing_back(team: Any) -> None:
    account = held(team)
    done = give(of=account)
    assert done is not None and done.handoff is not None
    call_off(done.handoff, by=viewer("lena"), now=NOW + timedelta(hours=1))
    rows = Ownership.objects.filter(role="expansion").order_by("happened_at", "pk")
    assert [str(row.person) for row in rows] == ["Ben Adler", "Chidi Eze"]


def test_nobody_lets_somebody_else_receive_what_was_decided(team: Any) -> None:
    account = held(team)
    done = give(of=account, first_on=FIRST)
    assert done is not None and done.handoff is not None
    with pytest.raises(HandoffRefused, match="It is decided that Chidi Eze receives this role"):
        redirect(done.handoff, account.key, "amara", by=viewer("lena"), now=NOW)


def test_the_receiver_opens_the_account_from_the_announcement_and_both_act_in_their_time(team: Any) -> None:
    now = timezone.now()
    account = held(team)
    amaras = {"person": team.people["amara"], "source": "crm", "happened_at": NOW, "known_at": NOW}
    Ownership.objects.create(account=account, **amaras)

    def opens(name: str) -> bool:
        return accounts_seen_by(viewer(name)).filter(pk=account.pk).exists()

    assert opens("ben") and not opens("chidi")
    done = give(of=account, now=now, first_on=(now + timedelta(days=10)).date())
    assert done is not None and done.handoff is not None
    assert opens("ben") and opens("chidi") and answers_for(viewer("ben"), account.pk)
    call_off(done.handoff, by=viewer("lena"), now=now)
    assert opens("ben") and not opens("chidi")
    give(of=account, now=now)
    assert opens("chidi") and not opens("ben")


def test_the_usual_day_leaves_the_working_days_of_a_brief() -> None:
    friday = date(2026, 3, 6)
    assert usual_day(friday, 5, works=("mon", "tue", "wed", "thu", "fri")) == date(2026, 3, 16)
    assert usual_day(friday, 0, works=("mon",)) == date(2026, 3, 9)
    assert usual_day(friday, 2, works=()) == date(2026, 3, 9)
