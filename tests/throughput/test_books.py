"""Each person's book as a run found it, and the decisions that a run keeps of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.pages import company
from tests.pages.company import AS_OF, NOW, Company, known, tier_of
from tests.throughput.many import keeper

from evenbook.book.models import Account, Leave
from evenbook.capacity.models import AccountWeek, RoleWeek
from evenbook.decisions.models import Decision
from evenbook.decisions.rules import LEAVE, NEW_LOGO, OVER_LOAD
from evenbook.desk.actions import choose
from evenbook.measures.models import MeasureValue
from evenbook.messages.models import Mail
from evenbook.people.queries import viewer_of
from evenbook.records.models import Opportunity
from evenbook.runs.actions import Keeping
from evenbook.runs.queries import Week, week
from evenbook.states.models import Standing
from evenbook.throughput.actions import store
from evenbook.throughput.queries.books import books, sales


class Loads:
    """What a run worked out of everybody's load."""

    def __init__(self, *loads: tuple[float, float]) -> None:
        self._loads = loads

    def rows(self, query: str, given: dict[str, Any]) -> Any:
        import pyarrow as pa

        assert given == {"as_of": AS_OF}
        names = ("capacity_hours", "effort_hours")
        return pa.Table.from_pylist([dict(zip(names, each, strict=True)) for each in self._loads])


@pytest.fixture
def team(db: None) -> Company:
    return company.build(48)


def shown() -> Week:
    found = week(keeper())
    assert found is not None
    return found


def kept(team: Company, *loads: tuple[float, float]) -> dict[tuple[str, str], Decision]:
    keeping = Keeping(
        run=team.run.pk, as_of=AS_OF, policy_version=1, measures=(), days=(), changed_after=AS_OF, before=None
    )
    store(Loads(*loads), keeping)  # type: ignore[arg-type]
    rows = Decision.objects.filter(ended_on=None).select_related("person", "account")
    return {(row.kind, row.person.key if row.person else row.account.key): row for row in rows if row.kind}


def test_what_a_role_works_goes_dark_for_who_has_it(team: Company):
    account, chidi, ben = team.of("ben")[0], team.people["chidi"], team.people["ben"]
    AccountWeek.objects.filter(account=account).update(is_unmonitored=True)
    before = {book.person_id: book for book in books(keeper(), shown())}
    RoleWeek.objects.create(run=team.run, account=account, role="adoption", person=chidi, works=True, hours=1)
    after = {book.person_id: book for book in books(keeper(), shown())}

    tier = AccountWeek.objects.get(account=account).tier
    for person, more in ((ben, -1), (chidi, 1)):
        was, now = before[person.pk], after[person.pk]
        assert now.by_tier == was.by_tier, "what one owns stays"
        assert now.worked.get(tier, 0) == was.worked.get(tier, 0) + more
        assert now.dark.get(tier, 0) == was.dark.get(tier, 0) + more


def test_a_book_holds_what_the_run_stored(team: Company):
    found = {book.person_id: book for book in books(keeper(), shown())}
    ben = found[team.people["ben"].pk]
    own = [number for number in range(48) if number % 2 == 0]
    tiers = [tier_of(number) for number in own]

    assert ben.by_tier == {tier: tiers.count(tier) for tier in set(tiers)}
    dark = AccountWeek.objects.filter(person=team.people["ben"], is_unmonitored=True)
    assert sum(ben.dark.values()) == dark.count() > 0
    colors = Standing.objects.filter(account__in=team.of("ben"), color__in=["red", "yellow"])
    assert ben.colored == colors.count() > 0
    rows = AccountWeek.objects.filter(person=team.people["ben"])
    last = AS_OF + timedelta(days=91)
    assert list(ben.renewals) == sorted(
        day for row in rows if (day := row.renews_on) and AS_OF <= day <= last
    )
    assert ben.loads[-1] == MeasureValue.objects.get(
        measure="effort_load", subject_kind="csm", subject="ben", as_of=AS_OF, run=team.run
    ).value  # fmt: skip


def test_a_leader_is_given_the_books_of_their_people_alone(team: Company):
    found = books(viewer_of(team.users["amara"]), shown())

    assert {book.person_id for book in found} == {team.people[name].pk for name in ("amara", "ben")}
    assert books(viewer_of(team.users["edda"]), shown()) == ()


def test_what_a_run_finds_of_books_waits_for_leaders_once_and_ends_when_it_is_over(team: Company):
    Leave.objects.create(
        person=team.people["ben"],
        first_on=AS_OF + timedelta(days=5),
        last_on=AS_OF + timedelta(days=18),
        cover=team.people["chidi"],
        **known(),
    )
    first = kept(team)
    assert (LEAVE, "ben") in first and kept(team).keys() == first.keys()
    assert Decision.objects.count() == len(first)

    Leave.objects.all().delete()
    assert (LEAVE, "ben") not in kept(team)


def test_a_high_load_two_weeks_running_waits(team: Company):
    MeasureValue.objects.filter(measure="effort_load", subject="chidi").delete()
    for back in range(2):
        day = AS_OF - timedelta(weeks=back)
        MeasureValue.objects.create(
            run=team.run,
            measure="effort_load",
            as_of=day,
            subject_kind="csm",
            subject="chidi",
            value=1.4,
            count=9,
        )

    row = kept(team)[OVER_LOAD, "chidi"]
    assert row.sentence == "Load over 110% for 2 weeks." and row.evidence["figures"][0]["value"] == 1.4


def opportunity(account: Account, **more: Any) -> Opportunity:
    usual = {"kind": "new", "currency": "USD", "source": "crm", "external_id": f"o-{account.pk}"}
    return Opportunity.objects.create(account=account, fingerprint="x", **{**usual, **known(), **more})


def newcomer(team: Company, key: str = "coming") -> Account:
    return Account.objects.create(key=key, name="Coming Soon", matched_name="coming soon", known_at=NOW)


def test_a_signed_customer_of_nobody_waits_where_the_team_has_no_hours(team: Company):
    account = newcomer(team)
    opportunity(account, amount_cents=10**9, won_at=datetime(2026, 3, 2, tzinfo=UTC))

    (sale,) = sales(keeper(), shown())
    assert (sale.account_id, sale.share_above) == (account.pk, 0.0)
    assert (NEW_LOGO, "coming") in kept(team, (120, 120), (120, 100))
    assert (NEW_LOGO, "coming") not in kept(team, (120, 60))


@pytest.mark.parametrize(
    "more",
    [
        {"lost_at": datetime(2026, 3, 3, tzinfo=UTC)}, {"kind": "expansion"},
        {"won_at": datetime(2025, 3, 3, tzinfo=UTC)}, {"known_until": datetime(2026, 3, 3, tzinfo=UTC)},
    ],
)  # fmt: skip
def test_what_is_lost_old_replaced_or_no_new_customer_asks_nothing(team: Company, more: dict[str, Any]):
    opportunity(newcomer(team), **{"won_at": datetime(2026, 3, 2, tzinfo=UTC), "amount_cents": 1, **more})

    assert sales(keeper(), shown()) == ()


def test_a_customer_that_somebody_owns_asks_for_no_hours(team: Company):
    opportunity(team.of("ben")[0], won_at=datetime(2026, 3, 2, tzinfo=UTC), amount_cents=1)

    assert sales(keeper(), shown()) == ()


def test_a_decision_about_a_new_customer_is_decided_by_a_leader(team: Company, client: Any):
    account = newcomer(team)
    opportunity(account, amount_cents=10**9, won_at=datetime(2026, 3, 2, tzinfo=UTC))
    row = kept(team)[NEW_LOGO, "coming"]
    client.force_login(team.users["lena"])

    said = client.get(f"/decisions/{row.pk}").content.decode()
    assert "Its onboarding takes 12.8 hours a month, and the team has 0.0 free." in said
    assert ">Assign an owner now</option>" in said and "Waits for" not in said
    assert client.post(f"/decisions/{row.pk}", {"choice": "assign"}).status_code == 302
    assert "It is done" in client.get(f"/decisions/{row.pk}").content.decode()
    assert client.post(f"/decisions/{row.pk}/done").status_code == 302
    row.refresh_from_db()
    assert row.done_by == "Lena Sorel"


@pytest.fixture
def mailing(settings: Any) -> None:
    settings.EVENBOOK_MAIL_URL, settings.EVENBOOK_URL = "smtp://localhost:2525", "https://evenbook.example"


def of_leave(team: Company) -> None:
    days = AS_OF + timedelta(days=5), AS_OF + timedelta(days=18)
    Leave.objects.create(person=team.people["ben"], first_on=days[0], last_on=days[1], **known())


def told() -> dict[str, str]:
    return {row.to: row.text for row in Mail.objects.filter(key__startswith="decisions-")}


def test_the_leader_nearest_above_is_told_once_of_what_newly_waits(team: Company, mailing: None):
    of_leave(team)
    kept(team)
    once = told()
    kept(team)

    assert (
        told() == once
        and "Ben Adler: On leave from 14 March 2026 to 27 March 2026." in once["amara@example.com"]
    )
    assert "https://evenbook.example/decisions?state=open" in once["amara@example.com"]
    assert "Ben Adler" not in once.get("lena@example.com", "")


def test_who_chose_otherwise_is_not_told_and_neither_is_anybody_where_policy_says_so(
    team: Company, mailing: None
):
    choose(viewer_of(team.users["amara"]), {"decisions": False}, now=NOW)
    of_leave(team)
    kept(team)

    assert "amara@example.com" not in told()


def test_without_a_mail_server_the_page_alone_says_it(team: Company):
    of_leave(team)

    assert (LEAVE, "ben") in kept(team) and not Mail.objects.exists()
