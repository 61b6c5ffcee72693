"""What is made of each kind of table with plain headers."""

from __future__ import annotations

from datetime import date

import pytest

from evenbook.book.models import (
    Account,
    AccountValue,
    Contact,
    Contract,
    Leave,
    Ownership,
    Person,
    PersonRole,
    Pool,
    PoolMember,
    RevenueMovement,
)
from evenbook.records.models import Artifact, Interaction, Opportunity, Score, TimeEntry
from sources.importing import NOW, Instance, counts


def test_a_book_in_the_words_of_another_team(instance: Instance):
    header = (
        "Customer ID,Customer,CSM Email,Annual Recurring Revenue,Lifecycle Stage,Segment,Website,# Licenses"
    )
    report = instance.load_rows(
        "Customer Export 2026.csv",
        header,
        'C-1,Fern & Vale,amara.obi@north.example,"$12,500",Adoption,SMB,https://www.fern.example/x,40'.split(
            ",", 3
        )[:3]
        + ["$12,500", "Adoption", "SMB", "https://www.fern.example/x", "40"],
    )

    assert counts(report) == {"created": 1}
    account = Account.objects.get()
    assert (account.key, account.name, account.domain) == ("C-1", "Fern & Vale", "fern.example")
    values = dict(AccountValue.objects.values_list("name", "value"))
    assert values == {"stage": "adoption", "segment": "Growth/SMB", "seats": "40"}
    assert RevenueMovement.objects.get().change_cents == 1_250_000
    assert Person.objects.get().name == "Amara Obi"


def test_unknown_columns_are_kept_as_custom_fields_of_their_kind(instance: Instance):
    instance.load_rows(
        "accounts.csv", "account_id,account_name,Favorite color,Beta,Ships", "A-1,Fern,green,TRUE,3"
    )

    assert Account.objects.get().custom == {"favorite_color": "green", "beta": True, "ships": 3}


def test_an_account_known_by_name_only_is_found_again(instance: Instance):
    instance.load_rows("accounts.csv", "account,industry", "Fern & Vale,Retail")

    assert counts(instance.load_rows("accounts.csv", "account,industry", "FERN AND VALE,Retail")) == {
        "changed": 1
    }
    assert Account.objects.get().key == "fern-vale"


def test_parents_are_linked_whatever_their_order(instance: Instance):
    instance.load_rows(
        "accounts.csv",
        "account,industry,subsidiary_of",
        "Fern,Retail,Moss",
        "Moss,Retail,",
        "Reed,Retail,Heron",
    )

    assert dict(Account.objects.values_list("name", "parent__name")) == {
        "Fern": "Moss",
        "Moss": None,
        "Reed": None,
    }


def test_the_team_with_its_roles_tenure_and_share(instance: Instance):
    header = "csm_id,csm_name,csm_email,role,team,hire_date,fte,region,languages,colour"
    instance.load_rows(
        "team.csv",
        header,
        "U-1,Amara Obi,Amara@North.example,Senior CSM,North,2024-02-01,80%,EMEA,en;de,blue",
    )

    person = Person.objects.get()
    assert (person.mail, person.role, person.team) == ("amara@north.example", "csm", "North")
    assert (person.started_on, person.working_share, person.languages) == (
        date(2024, 2, 1),
        0.8,
        ["en", "de"],
    )
    assert person.custom == {"colour": "blue", "role": "Senior CSM"}


def test_a_role_that_changes_is_kept_with_its_day_and_one_that_was_never_told_is_no_change(
    instance: Instance,
):
    header = "csm_id,csm_name,role,hire_date,role_since"
    instance.load_rows("team.csv", header, "U-1,Amara Obi,CSM,2024-02-01,2024-02-01", "U-2,Ben Hale,CSM,,")
    assert not PersonRole.objects.exists()
    instance.load_rows(
        "team.csv", header, "U-1,Amara Obi,Team Lead,2024-02-01,2026-05-04", "U-2,Ben Hale,Senior CSM,,"
    )
    instance.load_rows(
        "team.csv", header, "U-1,Amara Obi,Team Lead,2024-02-01,2026-05-04", "U-2,Ben Hale,Sales,,"
    )

    rows = PersonRole.objects.order_by("pk").values_list("person__name", "role", "first_on", "assumed")
    assert list(rows) == [
        ("Amara Obi", "csm", date(2024, 2, 1), True),
        ("Amara Obi", "leader", date(2026, 5, 4), False),
        ("Ben Hale", "csm", date(1970, 1, 1), True),
        ("Ben Hale", "sales", NOW.date(), True),
    ]
    assert set(Person.objects.values_list("role", flat=True)) == {"leader", "sales"}


def test_leave_with_its_cover_and_a_stranger_is_rejected(instance: Instance):
    team = instance.write("csms.csv", "name,email", "Amara Obi,", "Ben Hale,")
    leave = instance.write(
        "leave.csv", "csm,start,end,type,cover", "Amara Obi,2026-03-02,2026-03-13,parental,Ben Hale",
        "Zoe Quist,2026-03-02,2026-03-13,sick,",
    )  # fmt: skip
    report = instance.load(team, leave)

    absence = Leave.objects.get()
    assert (absence.person.name, absence.kind) == ("Amara Obi", "parental")
    assert absence.cover is not None and absence.cover.name == "Ben Hale"
    assert "nobody of the team is called 'Zoe Quist'" in instance.rejects(report)[0]["reason"]


def test_pools_and_the_accounts_they_own(instance: Instance):
    pools = instance.write("pools.csv", "pool,csm", "EMEA Scale,Amara Obi", "EMEA Scale,Ben Hale")
    accounts = instance.write("accounts.csv", "account_id,account_name,pool", "A-1,Fern,EMEA Scale")
    instance.load(pools, accounts)

    assert PoolMember.objects.count() == 2
    assert Ownership.objects.get().pool == Pool.objects.get()


def test_contacts_with_a_champion_who_left(instance: Instance):
    instance.accounts("Fern")
    header = "contact_id,account_id,first_name,last_name,email,title,is_champion,left_on"
    instance.load_rows("contacts.csv", header, "P-1,A-1,Iris,Moss,iris@fern.example,CTO,yes,2026-01-15")

    contact = Contact.objects.get()
    assert (contact.name, contact.is_champion, contact.left_at is not None) == ("Iris Moss", True, True)


@pytest.mark.parametrize(("said", "subject", "kind"), [
    ("QBR", "", "business_review"), ("Meeting", "Q3 business review", "business_review"), ("Kickoff", "", "onboarding"),
    ("Zoom call", "", "call"), ("Email", "", "mail"), ("Inbound email", "", "reply"), ("Newsletter", "", "bulk"),
    ("Internal sync", "", "internal"), ("Escalation call", "", "escalation"), ("Note", "", "note"), ("Demo", "", "meeting"),
])  # fmt: skip
def test_the_kinds_of_interactions(instance: Instance, said, subject, kind):
    instance.accounts("Fern")
    instance.load_rows(
        "activity.csv", "account_id,activity_date,activity_type,subject", ["A-1", "2026-01-05", said, subject]
    )

    assert Interaction.objects.get().kind == kind


def test_who_was_there_is_told_by_the_attendees(instance: Instance):
    team = instance.write("csms.csv", "name,email", "Amara Obi,amara@north.example")
    accounts = instance.write("accounts.csv", "account_id,account_name,domain", "A-1,Fern,fern.example")
    meetings = instance.write(
        "meetings.csv", "meeting_id,account_id,csm_email,meeting_date,start_time,duration_minutes,attendees",
        "M-1,A-1,amara@north.example,2026-01-05,14:30,30,amara@north.example; iris@fern.example",
        "M-2,A-1,amara@north.example,2026-01-06,9:00 AM,30,amara@north.example; ben@north.example",
    )  # fmt: skip
    instance.load(team, accounts, meetings)

    first, second = Interaction.objects.order_by("external_id")
    assert (first.customer_present, second.customer_present) == (True, False)
    assert first.contact_id_text == "iris@fern.example" and first.person is not None
    assert (first.happened_at.hour, first.happened_at.minute, second.happened_at.hour) == (14, 30, 9)


def test_a_meeting_finds_its_account_by_the_mail_of_an_attendee(instance: Instance):
    instance.load_rows("accounts.csv", "account_id,account_name,domain", "A-1,Fern,fern.example")
    instance.load_rows("meetings.csv", "meeting_date,duration,attendees", "2026-01-05,30,iris@fern.example")

    assert Interaction.objects.get().account.name == "Fern"


def test_a_start_and_an_end_are_a_duration_and_hours_are_minutes(instance: Instance):
    instance.accounts("Fern")
    instance.load_rows(
        "calendar.csv", "account_id,start_time,end_time,title", "A-1,2026-01-05T10:00,2026-01-05T10:45,Sync"
    )
    instance.load_rows("calls.csv", "account_id,call_date,duration_hours", "A-1,2026-01-06,1.5")
    instance.load_rows("talks.csv", "account_id,meeting_date,duration", "A-1,2026-01-07,1:15")

    assert sorted(Interaction.objects.values_list("minutes", flat=True)) == [45.0, 75.0, 90.0]


def test_surveys_and_scores_over_time(instance: Instance):
    instance.accounts("Fern")
    instance.load_rows(
        "nps.csv", "account_id,response_date,nps_score,respondent_email", "A-1,2026-01-05,9,iris@fern.example"
    )
    instance.load_rows("csat.csv", "account_id,submitted_at,csat", "A-1,2026-01-05,4")
    instance.load_rows("health.csv", "account_id,date,health_score", "A-1,2026-01-05,72", "A-1,2026-01-12,65")
    instance.load_rows("rag.csv", "account_id,date,health", "A-1,2026-01-19,Red")

    found = Score.objects.order_by("kind", "happened_at").values_list("kind", "value")
    assert list(found) == [
        ("csat", 75.0),
        ("health", 72.0),
        ("health", 65.0),
        ("health", 20.0),
        ("nps", 90.0),
    ]


def test_renewals_with_their_outcome(instance: Instance):
    instance.accounts("Fern", "Moss")
    instance.load_rows(
        "renewals.csv",
        "account_id,renewal_date,outcome,arr",
        "A-1,2025-12-01,Renewed,1000",
        "A-2,2026-06-01,Pending,500",
    )

    done, due = Contract.objects.filter(known_until=None).order_by("renews_on")
    assert (done.renewed_at is not None, due.renewed_at, due.renews_on) == (True, None, date(2026, 6, 1))


def test_time_entries_say_who_worked_how_long_on_which_day(instance: Instance):
    instance.accounts("Fern")
    header = "Entry ID,Account ID,User Email,Date,Hours,Notes"
    told = (
        "T-1,A-1,amara@north.example,2026-01-05,1.5,Preparing the review",
        "T-2,A-1,,2026-01-06,0.25,",
        "T-3,A-1,amara@north.example,2026-01-06,0,",
        "T-4,A-1,amara@north.example,2026-01-07,-2,",
        "T-5,A-1,amara@north.example,,2,",
        "T-6,Nowhere,amara@north.example,2026-01-07,2,",
    )
    report = instance.load_rows("timesheet.csv", header, *told)

    assert report.table == "time_entries" and counts(report)["created"] == 2
    first, second = TimeEntry.objects.order_by("external_id")
    assert (first.minutes, first.note, first.person.name) == (90.0, "Preparing the review", "Amara")
    assert (second.minutes, second.person) == (15.0, None)
    assert not Interaction.objects.exists()
    assert counts(instance.load_rows("timesheet.csv", header, *told)).get("created", 0) == 0

    instance.load_rows("timesheet.csv", header, told[0].replace("1.5", "2.5"))
    assert [each.minutes for each in TimeEntry.objects.filter(external_id="T-1").order_by("pk")] == [
        90.0,
        150.0,
    ]


def test_artifacts_by_their_kind(instance: Instance):
    instance.accounts("Fern")
    instance.load_rows(
        "artifacts.csv",
        "account_id,artifact_type,written_on,author,summary",
        "A-1,Check-in note,2026-01-05,Amara Obi,All well",
    )

    artifact = Artifact.objects.get()
    assert (artifact.kind, artifact.summary, artifact.author is not None) == (
        "check_in_note",
        "All well",
        True,
    )


def test_sales_by_rep_are_no_owners_of_accounts(instance: Instance):
    instance.accounts("Fern")
    instance.load_rows(
        "deals.csv",
        "deal_id,account_id,sales_rep,stage,amount,close_date",
        "D-1,A-1,Zoe Quist,Won,900,2025-03-01",
    )

    assert Opportunity.objects.filter(known_until=None).get().person.role == "user"
    assert not Ownership.objects.exists()


def test_thousands_in_an_amount_are_no_decimals(instance: Instance):
    instance.load_rows(
        "accounts.csv", "account_id,account_name,arr", ["A-1", "Fern", "120,000"], ["A-2", "Moss", "48,500"]
    )

    assert sorted(RevenueMovement.objects.values_list("change_cents", flat=True)) == [4_850_000, 12_000_000]


def test_a_monthly_amount_is_twelve_times_as_much_a_year(instance: Instance):
    instance.load_rows("accounts.csv", "account_id,account_name,mrr", "A-1,Fern,100.50")

    assert RevenueMovement.objects.get().change_cents == 120_600


def test_a_workbook_is_read_sheet_by_sheet(instance: Instance):
    from openpyxl import Workbook

    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "Accounts"
    for row in (("account_id", "account_name"), ("A-1", "Fern")):
        first.append(row)
    second = book.create_sheet("Meetings")
    for row in (("account_id", "meeting_date", "minutes"), ("A-1", date(2026, 1, 5), 30)):
        second.append(row)
    path = instance.folder / "export.xlsx"
    book.save(path)
    report = instance.load(path)

    assert [each.recognised_as for each in report.files] == ["accounts", "interactions"]
    assert Interaction.objects.count() == 1
