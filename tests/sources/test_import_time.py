"""When each imported value counts as known, on the first load and on later ones."""

from __future__ import annotations

from datetime import UTC, date, datetime

from evenbook.book.models import Account, AccountValue, Contract, Ownership, RevenueMovement
from evenbook.kit.dates import BEGINNING
from evenbook.records.models import Interaction, Opportunity, Score, Ticket
from sources.importing import LATER, NOW, Instance, counts

HEADER = "account_id,account_name,csm,tier,segment,region,industry,arr,health_score,contract_start,renewal_date,status"


def at(*day: int) -> datetime:
    return datetime(*day, tzinfo=UTC)  # type: ignore[arg-type]


def load_book(instance: Instance, *, csm="Amara Obi", tier="2", arr="12000", health="72", now=NOW):
    row = f"A-1,Fern,{csm},{tier},Enterprise,EMEA,Retail,{arr},{health},2024-05-01,2026-05-01,active"
    return instance.load_rows("accounts.csv", HEADER, row, now=now)


def known(name: str) -> list[tuple[str, datetime, bool]]:
    rows = AccountValue.objects.filter(name=name).order_by("pk")
    return list(rows.values_list("value", "known_at", "assumed"))


def test_structure_is_back_filled_and_what_smells_of_the_outcome_is_known_from_the_load(instance: Instance):
    load_book(instance)

    for name in ("tier", "segment", "region"):
        assert known(name)[0][1:] == (BEGINNING, True), name
    for name in ("industry", "status"):
        assert known(name)[0][1:] == (NOW, False), name
    assert Ownership.objects.get().known_at == BEGINNING
    assert (Score.objects.get().happened_at, Score.objects.get().known_at) == (NOW, NOW)
    assert (RevenueMovement.objects.get().kind, RevenueMovement.objects.get().known_at) == ("stated", NOW)


def test_a_present_score_is_known_from_the_load_however_old_its_account_is(instance: Instance):
    instance.load(
        instance.write(
            "accounts.csv", "account_id,account_name,health_score,created_at", "A-1,Fern,72,2024-05-01"
        )
    )

    assert (Score.objects.get().happened_at, Score.objects.get().known_at) == (NOW, NOW)


def test_an_account_is_there_from_its_start_and_its_renewal_is_known_from_the_load(instance: Instance):
    load_book(instance)

    assert Account.objects.get().started_at == at(2024, 5, 1)
    first, second = Contract.objects.order_by("known_at")
    assert (first.known_at, first.renews_on, first.arr_cents) == (at(2024, 5, 1), None, None)
    assert (second.known_at, second.renews_on, second.arr_cents) == (NOW, date(2026, 5, 1), 1_200_000)


def test_a_later_load_changes_nothing_before_it(instance: Instance):
    load_book(instance)
    report = load_book(instance, csm="Ben Hale", tier="1", arr="15000", health="40", now=LATER)

    assert counts(report) == {"changed": 1}
    assert known("tier") == [("2", BEGINNING, True), ("1", LATER, False)]
    assert [row.known_at for row in Ownership.objects.order_by("pk")] == [BEGINNING, LATER]
    movements = RevenueMovement.objects.order_by("pk").values_list("change_cents", "known_at")
    assert list(movements) == [(1_200_000, NOW), (300_000, LATER)]
    scores = Score.objects.order_by("pk").values_list("value", "known_at", "known_until")
    assert list(scores) == [(72.0, NOW, LATER), (40.0, LATER, None)]


def test_repeating_a_load_changes_nothing_at_all(instance: Instance):
    load_book(instance)

    assert counts(load_book(instance, now=LATER)) == {"unchanged": 1}
    assert AccountValue.objects.count() == 5 and RevenueMovement.objects.count() == 1


def test_an_attribute_that_comes_with_a_second_load_is_not_back_filled(instance: Instance):
    instance.accounts("Fern")
    instance.load_rows("tiers.csv", "account_id,account_name,tier", "A-1,Fern,2", now=LATER)

    assert known("tier") == [("2", LATER, False)]


def test_two_layouts_of_one_source_add_up_and_neither_repeats_as_a_change(instance: Instance):
    book = instance.write("accounts.csv", "account_id,account_name,tier", "A-1,Fern,2")
    owners = instance.write("csm_book.csv", "account_id,account_name,csm", "A-1,Fern,Amara Obi")
    instance.load(book, owners)

    assert [counts(each) for each in instance.load(book, owners, now=LATER).files] == [{"unchanged": 1}] * 2


def test_the_source_s_own_time_of_a_change_is_believed(instance: Instance):
    header = "account_id,account_name,region,last_modified_date"
    instance.load_rows("accounts.csv", header, "A-1,Fern,EMEA,2026-02-01")
    instance.load_rows("accounts.csv", header, "A-1,Fern,APAC,2026-03-20", now=LATER)

    assert known("region") == [("EMEA", BEGINNING, True), ("APAC", at(2026, 3, 20), False)]


def test_a_history_of_owners_counts_from_its_own_days_and_nobody_after_its_end(instance: Instance):
    accounts = instance.write("accounts.csv", "account_id,account_name,csm", "A-1,Fern,")
    owners = instance.write(
        "owner_history.csv",
        "account_id,csm,from,to",
        "A-1,Amara Obi,2024-01-01,2024-06-30",
        "A-1,Ben Hale,2024-07-01,2025-06-30",
    )
    instance.load(accounts, owners)

    spells = Ownership.objects.order_by("happened_at").values_list("person__name", "happened_at", "assumed")
    assert list(spells) == [
        ("Amara Obi", at(2024, 1, 1), True),
        ("Ben Hale", at(2024, 7, 1), True),
        (None, at(2025, 6, 30), True),
    ]


def test_a_history_of_owners_says_in_which_role_and_a_role_that_nobody_knows_is_rejected(instance: Instance):
    accounts = instance.write("accounts.csv", "account_id,account_name,csm", "A-1,Fern,Chidi Okafor")
    owners = instance.write(
        "owner_history.csv",
        "account_id,csm,pool,role,from,to",
        "A-1,Amara Obi,,Implementation Manager,2024-01-01,2024-06-30",
        "A-1,,Digital,expansion_owner,2024-07-01,",
        "A-1,Ben Hale,,Renewal Owner,2024-08-01,",
        "A-1,Ben Hale,,Named CSM,2024-09-01,",
        "A-1,Ben Hale,,Solutions Engineer,2024-10-01,",
    )
    report = instance.load(accounts, owners)

    told = Ownership.objects.filter(happened_at__gt=BEGINNING, happened_at__lt=NOW)
    fields = ("role", "person__name", "pool__name", "happened_at")
    assert list(told.order_by("happened_at").values_list(*fields)) == [
        ("onboarding", "Amara Obi", None, at(2024, 1, 1)),
        ("onboarding", None, None, at(2024, 6, 30)),
        ("expansion", None, "Digital", at(2024, 7, 1)),
        ("renewal", "Ben Hale", None, at(2024, 8, 1)),
        ("owner", "Ben Hale", None, at(2024, 9, 1)),
    ]
    (rejected,) = instance.rejects(report)
    assert "'Solutions Engineer' is no role on an account" in str(rejected)


def test_the_present_owner_is_not_back_filled_over_a_history(instance: Instance):
    accounts = instance.write("accounts.csv", "account_id,account_name,csm", "A-1,Fern,Chidi Okafor")
    owners = instance.write("owner_history.csv", "account_id,csm,from", "A-1,Amara Obi,2024-01-01")
    instance.load(accounts, owners)

    spells = Ownership.objects.order_by("happened_at").values_list("person__name", "known_at")
    assert list(spells) == [("Amara Obi", at(2024, 1, 1)), ("Chidi Okafor", NOW)]


def test_a_history_of_tiers_counts_from_its_own_days(instance: Instance):
    instance.accounts("Fern")
    instance.load_rows(
        "tier_history.csv", "account_id,tier,effective_date", "A-1,3,2024-01-01", "A-1,2,2025-01-01"
    )

    assert known("tier") == [("3", at(2024, 1, 1), True), ("2", at(2025, 1, 1), True)]


def test_a_churn_event_counts_from_its_day_and_a_bare_flag_from_the_load(instance: Instance):
    accounts = instance.write(
        "accounts.csv", "account_id,account_name,churned", "A-1,Fern,yes", "A-2,Moss,yes"
    )
    churn = instance.write("churn.csv", "account_id,churn_date,reason", "A-1,2025-09-01,price")
    instance.load(accounts, churn)

    rows = AccountValue.objects.filter(name="status").values_list("account__name", "known_at")
    assert dict(rows) == {"Fern": at(2025, 9, 1), "Moss": NOW}


def test_a_contract_books_its_revenue_on_its_own_days(instance: Instance):
    instance.accounts("Fern")
    header = "contract_id,account_id,start_date,end_date,arr"
    instance.load_rows(
        "contracts.csv", header, "C-1,A-1,2023-01-01,2023-12-31,1000", "C-2,A-1,2024-01-01,,1500"
    )

    rows = RevenueMovement.objects.order_by("happened_at", "pk").values_list(
        "kind", "change_cents", "happened_at"
    )
    assert list(rows) == [
        ("new", 100_000, at(2023, 1, 1)),
        ("contraction", -100_000, at(2024, 1, 1)),
        ("expansion", 150_000, at(2024, 1, 1)),
    ]
    assert Account.objects.get().started_at == at(2023, 1, 1)


def test_where_only_lost_contracts_end_the_past_does_not_see_the_end_coming(instance: Instance):
    instance.accounts("Fern")
    header = "subscription_id,account_id,start_date,end_date,mrr,churned"
    instance.load_rows(
        "subscriptions.csv", header, "S-1,A-1,2023-01-01,2024-03-01,100,yes", "S-2,A-1,2023-06-01,,50,no"
    )

    first, second = Contract.objects.filter(external_id="S-1").order_by("known_at")
    assert (first.ends_on, first.lost_at, first.known_until) == (None, None, at(2024, 3, 1))
    assert (second.ends_on, second.lost_at) == (date(2024, 3, 1), at(2024, 3, 1))


def test_a_contract_that_renews_by_itself_goes_on(instance: Instance):
    instance.accounts("Fern")
    header = "contract_id,account_id,start_date,end_date,arr,auto_renew"
    instance.load_rows("contracts.csv", header, "C-1,A-1,2023-01-01,2023-12-31,1000,yes")

    assert [row.change_cents for row in RevenueMovement.objects.all()] == [100_000]


def test_an_account_s_stated_revenue_is_the_difference_to_its_contracts(instance: Instance):
    accounts = instance.write("accounts.csv", "account_id,account_name,arr", "A-1,Fern,1200", "A-2,Moss,500")
    contracts = instance.write("contracts.csv", "contract_id,account_id,start_date,arr", "C-1,A-1,2025-01-01,1000",
                               "C-2,A-2,2025-01-01,500")  # fmt: skip
    instance.load(accounts, contracts)

    stated = RevenueMovement.objects.filter(kind="stated")
    assert [(row.account.name, row.change_cents) for row in stated] == [("Fern", 20_000)]


def test_movements_are_taken_as_they_are_and_lost_revenue_is_negative(instance: Instance):
    instance.accounts("Fern")
    rows = (
        "A-1,2024-01-01,New,1000",
        "A-1,2024-06-01,Upsell,200",
        "A-1,2025-01-01,Churn,1200",
        "A-1,2025-01-01,Gift,5",
    )
    report = instance.load(instance.write("arr_movements.csv", "account_id,date,type,amount", *rows))

    found = RevenueMovement.objects.order_by("happened_at").values_list("kind", "change_cents")
    assert list(found) == [("new", 100_000), ("expansion", 20_000), ("churn", -120_000)]
    assert "'Gift' is no kind of movement" in instance.rejects(report)[0]["reason"]


def test_a_sale_that_was_won_is_two_versions(instance: Instance):
    instance.accounts("Fern")
    header = "opportunity_id,account_id,created_date,stage,amount,close_date"
    instance.load_rows("opportunities.csv", header, "O-1,A-1,2025-01-01,Closed Won,900,2025-03-01")

    first, second = Opportunity.objects.order_by("known_at")
    assert (first.stage, first.amount_cents, first.won_at) == ("", None, None)
    assert (second.stage, second.known_at, second.won_at) == ("Closed Won", at(2025, 3, 1), at(2025, 3, 1))


def test_an_open_sale_shows_its_stage_from_the_load(instance: Instance):
    instance.accounts("Fern")
    header = "opportunity_id,account_id,created_date,stage,amount,close_date"
    instance.load_rows("opportunities.csv", header, "O-1,A-1,2025-01-01,Proposal,900,2026-06-01")

    first, second = Opportunity.objects.order_by("known_at")
    assert (first.stage, first.expected_on) == ("", None)
    assert (second.stage, second.expected_on, second.known_at) == ("Proposal", date(2026, 6, 1), NOW)


def test_an_escalation_without_a_day_is_known_by_the_closing_at_the_latest(instance: Instance):
    instance.accounts("Fern")
    header = "ticket_id,account_id,opened_at,closed_at,priority,escalated,csat"
    rows = (
        "T-1,A-1,2025-01-01,2025-01-05,P1,yes,4",
        "T-2,A-1,2026-02-01,,low,yes,",
        "T-3,A-1,2025-01-01,2025-01-02,3,no,5",
    )
    instance.load_rows("tickets.csv", header, *rows)

    closed, open_, calm = Ticket.objects.order_by("external_id")
    assert (closed.escalated_at, closed.priority, closed.satisfaction) == (at(2025, 1, 5), "urgent", 75.0)
    assert (open_.escalated_at, open_.solved_at) == (NOW, None)
    assert (calm.escalated_at, calm.priority, calm.satisfaction) == (None, "normal", 100.0)


def test_a_ticket_that_is_closed_later_is_closed_from_its_own_day(instance: Instance):
    instance.accounts("Fern")
    header = "ticket_id,account_id,opened_at,closed_at,priority"
    instance.load_rows("tickets.csv", header, "T-1,A-1,2026-02-01,,high")
    report = instance.load_rows("tickets.csv", header, "T-1,A-1,2026-02-01,2026-03-20,high", now=LATER)

    assert counts(report) == {"changed": 1}
    versions = Ticket.objects.order_by("known_at").values_list("known_at", "solved_at")
    assert list(versions) == [(at(2026, 2, 1), None), (at(2026, 3, 20), at(2026, 3, 20))]


def test_a_past_meeting_counts_as_known_when_it_happened_unless_its_source_says_when(instance: Instance):
    instance.accounts("Fern")
    header = "meeting_id,account_id,meeting_date,minutes,created_at"
    instance.load_rows("meetings.csv", header, "M-1,A-1,2025-02-01,30,", "M-2,A-1,2025-02-01,30,2025-02-03")

    first, second = Interaction.objects.order_by("external_id")
    assert (first.known_at, first.assumed) == (at(2025, 2, 1), True)
    assert (second.known_at, second.assumed) == (at(2025, 2, 3), False)
