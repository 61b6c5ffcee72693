"""What is in doubt is asked, once; rows that no question touches load at once."""

from __future__ import annotations

import json
from datetime import date

import pytest
import yaml

from evenbook.book.models import Account, AccountValue, Contract, Ownership, Person, RevenueMovement
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.records.models import Interaction, Score, Ticket, UsageWeek
from evenbook.sources.actions import answer, import_files
from evenbook.sources.actions.asking import AnswerRefused
from evenbook.sources.actions.importing import ImportRefused
from evenbook.sources.models import KeptFile
from evenbook.sources.models import Question as Asked
from evenbook.sources.queries import rows_waiting
from sources.importing import LATER, NOW, Instance, counts

OPENED = "ticket_id,account_id,opened_at,priority"


def doubtful_tickets(instance: Instance, *, name: str = "tickets.csv"):
    instance.accounts("Fern")
    return instance.write(name, OPENED, "T-1,A-1,03/04/2025,high", "T-2,A-1,,low", "T-3,A-1,05/05/2025,low")


def test_a_date_that_may_be_read_two_ways_is_asked_and_only_its_rows_wait(instance: Instance):
    report = instance.load(doubtful_tickets(instance))

    (question,) = report.questions
    assert (question.column, question.choices, question.rows_held) == ("opened_at", ("dmy", "mdy"), 1)
    assert counts(report.files[0]) == {"created": 1, "rejected": 1, "held": 1}
    assert Ticket.objects.get().external_id == "T-3"


def test_the_answer_loads_what_waited_and_is_not_asked_for_again(instance: Instance):
    path = doubtful_tickets(instance)
    question = instance.load(path).questions[0]
    report = instance.load(answers={question.id: "dmy"}, now=LATER)

    assert counts(report.files[0]) == {"created": 1, "unchanged": 1, "rejected": 1}
    assert str(Ticket.objects.get(external_id="T-1").happened_at.date()) == "2025-04-03"
    assert not KeptFile.objects.exists()

    later = instance.write("tickets.csv", OPENED, "T-4,A-1,06/07/2025,high")
    assert instance.load(later).questions == []
    assert str(Ticket.objects.get(external_id="T-4").happened_at.date()) == "2025-07-06"


def test_all_that_is_in_doubt_is_asked_at_once_and_one_round_of_answers_loads_all(instance: Instance):
    path = instance.write(
        "accounts.csv", "account_id,account_name,csm,arr,currency,tier,stage,renewal_date",
        "A-1,Fern,Integration User,100,EUR,Gold,Nurture,03/04/2026", "A-2,Moss,Amara Obi,9,USD,1,value,05/06/2026",
        "A-3,Reed,Amara Obi,9,USD,1,value,",
    )  # fmt: skip
    asked = instance.load(path)
    answers = {"date-order": "dmy", "owner": "nobody", "rate": "rate=1.1", "word": "custom"}

    assert sorted(each.kind for each in asked.questions) == ["date-order", "owner", "rate", "word", "word"]
    assert {each.kind: each.rows_held for each in asked.questions} == {
        "date-order": 2, "owner": 1, "rate": 1, "word": 1,
    }  # fmt: skip
    assert counts(asked.files[0]) == {"created": 1, "held": 2} and rows_waiting(SYSTEM) == 2
    assert [each.name for each in Person.objects.all()] == ["Amara Obi"]

    report = instance.load(answers={each.id: answers[each.kind] for each in asked.questions}, now=LATER)
    assert not report.questions and Account.objects.count() == 3 and rows_waiting(SYSTEM) == 0


@pytest.mark.parametrize("currency", ["", ",USD"])
def test_a_row_with_a_fault_and_a_doubt_is_rejected_before_anybody_is_asked(
    instance: Instance, currency: str
):
    header = f"account_id,account_name,arr,renewal_date{currency and ',currency'}"
    rows = (f"A-1,Fern,many,03/04/2026{currency}", f"A-2,Moss,5,05/06/2026{currency}")

    assert counts(instance.load_rows("accounts.csv", header, *rows)) == {"rejected": 1, "held": 1}


def test_one_date_that_proves_the_order_settles_the_column(instance: Instance):
    instance.accounts("Fern")
    path = instance.write("tickets.csv", OPENED, "T-1,A-1,03/04/2025,high", "T-2,A-1,25/04/2025,low")

    assert instance.load(path).questions == []
    assert str(Ticket.objects.get(external_id="T-1").happened_at.date()) == "2025-04-03"


def test_a_certain_column_of_the_file_settles_its_doubtful_neighbor_and_that_is_noted(instance: Instance):
    instance.accounts("Fern")
    header = "ticket_id,account_id,opened_at,closed_at,priority"
    path = instance.write("tickets.csv", header, "T-1,A-1,03/04/2025,25/04/2025,high")
    report = instance.load(path)

    assert report.questions == []
    assert report.files[0].notes == [
        "opened_at is read with the day first, as another column of the file proves."
    ]
    assert {each.happened_at.date() for each in Ticket.objects.all()} == {date(2025, 4, 3)}


def test_a_column_that_contradicts_itself_is_asked_and_its_certain_dates_load(instance: Instance):
    instance.accounts("Fern")
    rows = ("T-1,A-1,25/04/2025,high", "T-2,A-1,04/26/2025,high", "T-3,A-1,03/04/2025,low")
    report = instance.load(instance.write("tickets.csv", OPENED, *rows))

    assert "contradicts itself" in report.questions[0].asks
    assert counts(report.files[0]) == {"created": 2, "held": 1}


@pytest.mark.parametrize(("scores", "answer_", "values"), [
    (("2", "9"), "0-10, high is good", [20.0, 90.0]),
    (("2", "9"), "0-10, high is bad", [80.0, 10.0]),
    (("1", "5"), "1-5, high is good", [0.0, 100.0]),
    (("1", "9"), "1-10, high is good", [0.0, 800 / 9]),
])  # fmt: skip
def test_a_health_score_that_may_be_on_two_scales_is_asked(instance: Instance, scores, answer_, values):
    rows = [f"A-{number},Firm {number},{score}" for number, score in enumerate(scores)]
    report = instance.load(instance.write("accounts.csv", "account_id,account_name,health_score", *rows))

    (question,) = report.questions
    assert question.column == "health_score" and answer_ in question.choices
    assert counts(report.files[0]) == {"held": 2}

    instance.load(answers={question.id: answer_})
    assert list(Score.objects.order_by("external_id").values_list("value", flat=True)) == pytest.approx(
        values
    )


def test_a_health_score_of_a_hundred_is_not_asked_about(instance: Instance):
    report = instance.load(
        instance.write("accounts.csv", "account_id,account_name,health_score", "A-1,Fern,72", "A-2,Moss,15")
    )

    assert report.questions == []
    assert sorted(Score.objects.values_list("value", flat=True)) == [15.0, 72.0]


def test_a_score_that_is_high_for_customers_who_left_is_asked_about(instance: Instance):
    rows = [f"A-{n},Firm {n},{90 if n % 2 else 20},{'churned' if n % 2 else 'active'}" for n in range(20)]
    report = instance.load(
        instance.write("accounts.csv", "account_id,account_name,health_score,status", *rows)
    )

    assert "high value good" in report.questions[0].asks


def test_a_risk_score_is_asked_about_with_high_as_bad_first(instance: Instance):
    report = instance.load(
        instance.write("accounts.csv", "account_id,account_name,risk_score", "A-1,Fern,72", "A-2,Moss,15")
    )

    assert report.questions[0].choices[0] == "0-100, high is bad"


def test_an_id_counts_before_a_domain_and_a_domain_before_a_name(instance: Instance):
    rows = ("A-1,Fern,fern.example", "A-2,Moss,moss.example", "A-3,Reed,reed.example")
    instance.load(instance.write("accounts.csv", "account_id,account_name,domain", *rows))
    header = "ticket_id,account_id,domain,account_name,opened_at,priority"
    said = ("T-1,A-1,moss.example,Reed,2026-01-05,high", "T-2,,moss.example,Reed,2026-01-05,high",
            "T-3,,,Reed,2026-01-05,high")  # fmt: skip
    instance.load(instance.write("tickets.csv", header, *said))
    named = Ticket.objects.order_by("external_id").values_list("account__name", flat=True)
    assert list(named) == ["Fern", "Moss", "Reed"]

    other = instance.write("customers.csv", "company,website,plan", "Reed,moss.example,Gold")
    (question,) = instance.load(other).questions
    assert question.choices == ("same: A-2", "new") and "the same domain, another name" in question.asks


def test_the_same_domain_under_another_name_is_asked_and_a_yes_makes_them_one(instance: Instance):
    instance.load(instance.write("crm.csv", "account_id,account_name,domain", "C-1,Fern & Vale,fern.example"))
    zendesk = instance.write(
        "organizations.csv",
        "id,name,domain_names,shared_tickets,created_at",
        "77,Fern and Vale Trading,fern.example,FALSE,2025-01-01",
    )
    report = instance.load(zendesk)

    (question,) = report.questions
    assert "the same domain, another name" in question.asks
    assert question.choices == ("same: C-1", "new")

    instance.load(answers={question.id: "same: C-1"})
    assert Account.objects.count() == 1
    assert {alias.source for alias in Account.objects.get().aliases.all()} == {"generic", "zendesk"}


def test_the_same_name_under_two_ids_of_one_source_is_asked_and_stays_undoable(instance: Instance):
    path = instance.write("accounts.csv", "account_id,account_name", "A-1,Fern", "A-2,Fern")
    question = instance.load(path).questions[0]
    instance.load(answers={question.id: "same: A-1"})

    first, second = Account.objects.order_by("pk")
    assert second.merged_into_id == first.pk


def test_a_name_that_is_nearly_an_accounts_is_asked_about(instance: Instance):
    instance.accounts("Otter Works")
    path = instance.write("meetings.csv", "account,meeting_date,minutes", "Otter Wroks,2026-01-05,30")
    report = instance.load(path)

    assert report.questions[0].choices == ("same: A-1", "reject")
    instance.load(answers={report.questions[0].id: "same: A-1"})
    assert Interaction.objects.get().account.name == "Otter Works"


def test_a_name_that_no_account_has_is_rejected(instance: Instance):
    instance.accounts("Otter Works")
    report = instance.load(
        instance.write("meetings.csv", "account,meeting_date,minutes", "Heron Maps,2026-01-05,30")
    )

    assert instance.rejects(report)[0]["reason"] == "no account is called 'Heron Maps'"


def test_an_owner_who_is_not_in_the_list_of_the_team_is_asked_about(instance: Instance):
    team = instance.write(
        "csms.csv", "name,email", "Amara Obi,amara@north.example", "Ben Hale,ben@north.example"
    )
    accounts = instance.write(
        "accounts.csv", "account_id,account_name,csm", "A-1,Fern,Amara Obi", "A-2,Moss,A. Obi"
    )
    report = instance.load(team, accounts)

    (question,) = report.questions
    assert question.choices[0] == "is: amara-obi"
    instance.load(answers={question.id: "is: amara-obi"})
    assert {row.person.name for row in Ownership.objects.all() if row.person} == {"Amara Obi"}


def test_an_owner_is_taken_for_a_person_where_no_list_of_the_team_was_loaded(instance: Instance):
    report = instance.load(
        instance.write("accounts.csv", "account_id,account_name,csm", "A-1,Fern,Amara Obi")
    )

    assert report.questions == []
    owner = Ownership.objects.get().person
    assert owner is not None and (owner.name, owner.role) == ("Amara Obi", "csm")


def test_what_waits_for_an_account_waits_for_the_same_answer(instance: Instance):
    accounts = instance.write("accounts.csv", "account_id,account_name,csm", "A-1,Fern,Support Queue")
    tickets = instance.write("tickets.csv", OPENED, "T-1,A-1,2026-01-05,high")
    usage = instance.write("usage.csv", "account_id,week,active_users", "A-1,2026-01-05,4")
    report = instance.load(accounts, tickets, usage)

    (question,) = report.questions
    assert question.rows_held == 3 and [each.held for each in report.files] == [1, 1, 1]

    report = instance.load(answers={question.id: "nobody"})
    assert [counts(each) for each in report.files] == [{"created": 1}] * 3


def test_revenue_that_may_be_the_customers_own_is_asked_about(instance: Instance):
    path = instance.write("accounts.csv", "account_name,industry,revenue", "Fern,Retail,1100.5")
    question = instance.load(path).questions[0]

    assert question.choices == ("custom", "arr", "mrr")
    instance.load(answers={question.id: "custom"})
    assert Account.objects.get().custom == {"revenue": 1100.5}


def test_a_tier_that_nobody_knows_is_asked_about_by_its_word(instance: Instance):
    path = instance.write("accounts.csv", "account_id,account_name,tier", "A-1,Fern,Gold", "A-2,Moss,Tier 2")
    report = instance.load(path)

    assert report.questions[0].asks == "Which tier is 'Gold'?"
    instance.load(answers={report.questions[0].id: "1"})
    assert dict(AccountValue.objects.filter(name="tier").values_list("account__name", "value")) == {
        "Fern": "1",
        "Moss": "2",
    }


def test_a_value_over_a_whole_term_is_asked_about_and_spread(instance: Instance):
    instance.accounts("Fern")
    path = instance.write(
        "contracts.csv",
        "contract_id,account_id,start_date,end_date,contract_value",
        "C-1,A-1,2024-01-01,2025-12-31,240000",
    )
    question = instance.load(path).questions[0]
    instance.load(answers={question.id: "total_value"})

    assert Contract.objects.get().arr_cents == pytest.approx(120_000_00, rel=0.01)


def test_a_duration_that_may_be_seconds_is_asked_about(instance: Instance):
    instance.accounts("Fern")
    path = instance.write(
        "calls.csv", "account_id,call_date,duration", "A-1,2026-01-05,1800", "A-1,2026-01-06,900"
    )
    question = instance.load(path).questions[0]

    assert question.choices[0] == "seconds"
    instance.load(answers={question.id: "seconds"})
    assert sorted(Interaction.objects.values_list("minutes", flat=True)) == [15.0, 30.0]


def test_a_point_that_may_group_thousands_is_asked_about(instance: Instance):
    instance.accounts("Fern")
    path = instance.write(
        "usage.csv", "account_id,week,active_users", "A-1,2026-01-05,1.250", "A-1,2026-01-12,80"
    )
    (question,) = instance.load(path).questions
    assert question.asks == "Is 1.250 in 'active_users' 1250, or a number with three decimals?"

    instance.load(answers={question.id: "comma"})
    assert sorted(UsageWeek.objects.values_list("value", flat=True)) == [80.0, 1250.0]


def test_a_point_that_another_column_proves_to_group_is_not_asked_about(instance: Instance):
    path = instance.folder / "kunden.csv"
    path.write_text("account_id;account_name;arr;seats\nA-1;Fern;12.500,50;1.250\n", encoding="utf-8")

    assert instance.load(path).questions == []
    assert RevenueMovement.objects.get().change_cents == 1_250_050
    assert AccountValue.objects.get(name="seats").value == "1250"


def test_a_name_near_one_whose_account_waits_waits_with_it(instance: Instance):
    accounts = instance.write("accounts.csv", "account_id,account_name,csm", "A-1,Otter Works,EMEA Queue")
    meetings = instance.write("meetings.csv", "account,meeting_date,minutes", "Otter Wroks,2026-01-05,30")
    report = instance.load(accounts, meetings)

    assert [each.held for each in report.files] == [1, 1]


def test_a_file_that_may_be_two_tables_is_asked_about_with_the_likelier_first(instance: Instance):
    instance.accounts("Fern")
    path = instance.write(
        "data.csv", "account_id,date,status,type,summary", "A-1,2026-01-05,done,check-in,ok"
    )
    report = instance.load(path)

    (question,) = report.questions
    assert question.asks.startswith("This file may hold ") and question.choices[-1] == "skip"
    assert question.rows_held == report.files[0].held == 1


def test_a_file_that_no_table_fits_waits_with_a_mapping_to_edit(instance: Instance):
    path = instance.write("recipes.csv", "dish,flavor,spice", "soup,mild,salt")
    report = instance.load(path)

    assert report.files[0].recognised_as is None
    assert (report.files[0].rows, report.files[0].held) == (1, 1)
    proposed = yaml.safe_load((instance.home / "mappings" / "recipes.yaml").read_text())
    assert proposed["columns"] == {"dish": "custom", "flavor": "custom", "spice": "custom"}

    report = instance.load(path, answers={report.questions[0].id: "skip"})
    assert report.files[0].recognised_as == "left out, as answered" and not report.files[0].held


def test_a_mapping_says_what_nobody_could_guess_and_is_remembered(instance: Instance):
    path = instance.write("kunden.csv", "knr,kname,betreuer", "K-1,Fern,Amara Obi")
    mapping = instance.folder / "kunden.yaml"
    mapping.write_text(
        "table: accounts\ncolumns:\n  knr: account_id\n  kname: account_name\n  betreuer: owner_name\n"
    )
    report = instance.load(path, mapping=mapping)

    assert counts(report.files[0]) == {"created": 1}
    assert instance.load(path).files[0].recognised_as == "accounts"


def test_an_answers_file_is_written_to_fill_in_and_read_back_as_yaml_or_json(instance: Instance):
    path = doubtful_tickets(instance)
    report = instance.load(path)
    assert report.answers_file is not None
    filled = open(report.answers_file).read().replace("answer: null", "answer: mdy")
    answers = instance.folder / "answers.yaml"
    answers.write_text(filled)
    instance.load(answers=answers)
    assert str(Ticket.objects.get(external_id="T-1").happened_at.date()) == "2025-03-04"

    as_json = instance.folder / "answers.json"
    as_json.write_text(json.dumps({report.questions[0].id: "dmy"}))
    assert instance.load(path, answers=as_json).questions == []


def test_an_answer_to_a_question_that_nobody_asked_is_told(instance: Instance):
    path = doubtful_tickets(instance)
    question = instance.load(path).questions[0].id
    report = instance.load(path, answers={question: "dmy", "date-order-slip": "dmy"})

    assert counts(report.files[0]) == {"created": 1, "unchanged": 1, "rejected": 1}
    assert "Nobody asked date-order-slip; its answer is not used." in report.files[0].notes
    assert not [
        note for note in instance.load(path, answers={question: "dmy"}).files[0].notes if "Nobody" in note
    ]


def test_an_answer_that_is_no_choice_is_refused_with_the_choices(instance: Instance):
    path = doubtful_tickets(instance)
    question = instance.load(path).questions[0]

    with pytest.raises(AnswerRefused, match="Use one of: dmy, mdy"):
        instance.load(path, answers={question.id: "ymd"})
    with pytest.raises(AnswerRefused):
        answer({question.id: "ymd"}, by=viewer("operations"), now=NOW, home=instance.home)


def viewer(role: str) -> Viewer:
    return Viewer(user_id=1, mail="ben@north.example", name="Ben Hale", role=role)


def test_the_page_answers_and_loads_in_one_step(instance: Instance):
    question = instance.load(doubtful_tickets(instance)).questions[0]
    report = answer({question.id: "dmy"}, by=viewer("operations"), now=LATER, home=instance.home)

    assert report.load is not None and Ticket.objects.count() == 2
    assert Asked.objects.get(key=question.id).answered_by == "Ben Hale"


def test_only_operations_may_import_and_answer(instance: Instance):
    path = instance.write("accounts.csv", "account_id,account_name", "A-1,Fern")

    with pytest.raises(ImportRefused):
        import_files([path], by=viewer("csm"), now=NOW, home=instance.home)
    with pytest.raises(AnswerRefused):
        answer({}, by=viewer("leader"), now=NOW, home=instance.home)


def test_nothing_given_and_nothing_waiting_is_refused(instance: Instance):
    with pytest.raises(ImportRefused, match="nothing to import"):
        instance.load()
