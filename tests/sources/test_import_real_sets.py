"""Data sets that we did not write: what loads, what is rejected and why, what is asked; and twice is once."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from evenbook.book.models import Account, AccountValue, Contract, Ownership, Person, RevenueMovement
from evenbook.records.models import Opportunity, Ticket, UsageWeek
from evenbook.sources.rules.report import ImportReport
from river import ROOT
from sources.importing import LATER, NOW, Instance, counts
from sources.real_data import data_set


def table(report: ImportReport) -> dict[str, dict[str, int]]:
    return {each.file: counts(each) for each in report.files if each.rows}


def documented(name: str) -> dict[str, tuple[str, int, int, int]]:
    """Return what the page of data sets says: as what, rows, loaded and rejected, by file."""
    page = (ROOT / "docs" / "reference" / "imported-sets.md").read_text(encoding="utf-8")
    section = page.split(f"## {name}\n")[1].split("\n## ")[0]
    lines = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| `")]
    return {
        cells[0].strip().strip("`"): (cells[1].strip(), *(int(cell) for cell in cells[2:5]))  # type: ignore[misc]
        for cells in lines
    }


def told(report: ImportReport) -> dict[str, tuple[str | None, int, int, int]]:
    return {
        each.file: (each.recognised_as, each.rows, each.rows - each.rejected - each.held, each.rejected)
        for each in report.files
        if each.rows
    }


def why(instance: Instance, report: ImportReport) -> Counter[tuple[str, str]]:
    def plain(reason: str) -> str:
        return " ".join("…" if "'" in word or '"' in word else word for word in reason.split())

    return Counter((row["file"], plain(row["reason"])) for row in instance.rejects(report))


def contents() -> dict[str, list[tuple[Any, ...]]]:
    """Return all facts, told by what they say and not by their numbers."""
    models = [each for label in ("book", "records") for each in apps.get_app_config(label).get_models()]
    keys = {each: dict(each._default_manager.values_list("pk", "key")) for each in models if has_key(each)}
    found: dict[str, list[tuple[Any, ...]]] = {}
    for model in models:
        fields = [each for each in model._meta.concrete_fields if each.attname != "id"]
        named = [keys.get(each.related_model) for each in fields]
        rows = model._default_manager.values_list(*(each.attname for each in fields))
        said = (
            tuple(str(of.get(cell, cell) if of else cell) for of, cell in zip(named, row, strict=True))
            for row in rows
        )
        found[model.__name__] = sorted(said)
    return found


def has_key(model: type[Any]) -> bool:
    return any(each.name == "key" for each in model._meta.concrete_fields)


def loaded_apart(instance: Instance, folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    with transaction.atomic():
        instance.load(folder)
        found = contents()
        transaction.set_rollback(True)
    return found


@dataclass(frozen=True)
class Ravenstack:
    """What the set left behind, loaded once for all that is asked about it."""

    excel_alone: dict[str, list[tuple[Any, ...]]]
    report: ImportReport
    rejects: list[Mapping[str, str]]
    why: Counter[tuple[str, str]]
    loaded: dict[str, list[tuple[Any, ...]]]
    figures: dict[str, float]
    again: tuple[ImportReport, ...]
    loaded_again: dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def ravenstack(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Ravenstack:
    """Load the copy that a spreadsheet saved, alone; then the other; then both upon it."""
    folder = data_set("saas_ravenstack")
    iso, excel = folder / "iso", folder / "excel_roundtrip_ddmmyyyy"
    instance = Instance(tmp_path_factory.mktemp("ravenstack"))
    with django_db_blocker.unblock(), transaction.atomic():
        excel_alone = loaded_apart(instance, excel)
        report = instance.load(iso)
        loaded, figures = contents(), ravenstack_figures()
        rejects, reasons = instance.rejects(report), why(instance, report)
        again = tuple(instance.load(copy, now=LATER) for copy in (iso, excel))
        after = contents()
        transaction.set_rollback(True)
    return Ravenstack(excel_alone, report, rejects, reasons, loaded, figures, again, after)


def ravenstack_figures() -> dict[str, float]:
    churned = AccountValue.objects.filter(name="status", value="churned")
    used = UsageWeek.objects.filter(measure="usage_count")
    return {
        "escalated": Ticket.objects.exclude(escalated_at=None).count(),
        "churned": churned.values("account").distinct().count(),
        "contracts": Contract.objects.filter(known_until=None).count(),
        "owned": Ownership.objects.count(),
        "revenue": sum(RevenueMovement.objects.values_list("change_cents", flat=True)),
        "used": sum(used.values_list("value", flat=True)),
    }


@pytest.mark.django_db
def test_ravenstack_loads_without_a_question(ravenstack: Ravenstack):
    folder = data_set("saas_ravenstack") / "iso"

    assert table(ravenstack.report) == {
        "ravenstack_accounts.csv": {"created": 500},
        "ravenstack_churn_events.csv": {"created": 599, "unchanged": 1},
        "ravenstack_feature_usage.csv": {"created": 24_979, "rejected": 21},
        "ravenstack_subscriptions.csv": {"created": 5_000},
        "ravenstack_support_tickets.csv": {"created": 2_000},
    }
    assert ravenstack.report.questions == []
    assert told(ravenstack.report) == documented("saas_ravenstack")
    assert set(ravenstack.why) == {
        ("ravenstack_feature_usage.csv", f"row {row} says something else under the same key")
        for row in {int(row["reason"].split()[1]) for row in ravenstack.rejects}
    }
    found = ravenstack.figures
    assert found.pop("churned") > 352
    assert found == {
        "escalated": 95,
        "contracts": 5_000,
        "owned": 0,
        "revenue": running_revenue(folder) * 100,
        "used": usage_taken(folder),
    }


def running_revenue(folder: Path) -> int:
    with (folder / "ravenstack_subscriptions.csv").open(newline="") as stream:
        return sum(int(row["arr_amount"]) for row in csv.DictReader(stream) if not row["end_date"])


def usage_taken(folder: Path) -> int:
    """Return the sum of all rows but those that repeat an id, taken the plain way."""
    seen: dict[str, int] = {}
    with (folder / "ravenstack_feature_usage.csv").open(newline="") as stream:
        for row in csv.DictReader(stream):
            seen.setdefault(row["usage_id"], int(row["usage_count"]))
    return sum(seen.values())


@pytest.mark.django_db
def test_ravenstack_as_a_spreadsheet_saved_it_gives_the_same_database(ravenstack: Ravenstack):
    iso, excel = ravenstack.loaded, ravenstack.excel_alone

    assert {name: len(rows) for name, rows in iso.items()} == {
        name: len(rows) for name, rows in excel.items()
    }
    assert iso == excel


@pytest.mark.django_db
def test_ravenstack_twice_and_in_its_other_copy_changes_nothing(ravenstack: Ravenstack):
    for report in ravenstack.again:
        assert report.total("created") == report.total("changed") == 0

    assert ravenstack.loaded_again == ravenstack.loaded


@pytest.mark.parametrize("copy", ["", "excel_roundtrip"])
def test_maven_shows_its_faults_as_what_they_are(instance: Instance, copy: str):
    folder = data_set("crm_maven")
    files = [
        folder / copy / f"{name}.csv" for name in ("accounts", "products", "sales_pipeline", "sales_teams")
    ]
    asked = instance.load(*files)
    assert {each.kind: each.file for each in asked.questions} == {
        "meaning": "accounts.csv",
        "table": "products.csv",
    }

    answers = {each.id: "custom" if each.kind == "meaning" else "skip" for each in asked.questions}
    report = instance.load(*files, answers=answers)

    assert told(report) == documented("crm_maven")
    assert table(report) == {
        "accounts.csv": {"created": 85},
        "sales_pipeline.csv": {"created": 7_375, "rejected": 1_425},
        "sales_teams.csv": {"unchanged": 35},
    }
    assert why(instance, report) == {("sales_pipeline.csv", "no account is named"): 1_425}
    assert [note for each in report.files for note in each.notes] == [
        "'technolgy' in sector may be 'technology', misspelled; it is kept as written.",
        "The file names no owners; load one that does, or assign them.",
        "'GTXPro' in product is not in products.csv, which has 'GTX Pro'; it is kept as written.",
        "163 opportunities have no date: known from the first load on.",
    ]
    industries = Counter(AccountValue.objects.filter(name="industry").values_list("value", flat=True))
    assert industries["technolgy"] == 12
    sold = Opportunity.objects.filter(known_until=None)
    assert sold.filter(product="GTXPro").exists() and not sold.filter(product="GTX Pro").exists()
    assert sold.values("person").distinct().count() == 30 and Person.objects.count() == 35
    assert Account.objects.exclude(parent=None).count() == 15
    assert not Ownership.objects.exists()


def test_maven_s_copies_give_the_same_database(instance: Instance):
    folder = data_set("crm_maven")
    mapping = instance.folder / "mapping.yaml"
    mapping.write_text("file: accounts.csv\ntable: accounts\ncolumns:\n  account: account_name\n"
                       "  sector: industry\n  subsidiary_of: parent_name\n")  # fmt: skip

    def load(copy: Path) -> dict[str, list[tuple[Any, ...]]]:
        with transaction.atomic():
            files = [copy / f"{name}.csv" for name in ("accounts", "sales_pipeline", "sales_teams")]
            instance.load(*files, mapping=mapping)
            found = contents()
            transaction.set_rollback(True)
        return found

    assert load(folder) == load(folder / "excel_roundtrip")


def test_salesforce_s_sample_trees_are_recognized_and_records_without_an_account_are_named(
    instance: Instance,
):
    report = instance.load(data_set("salesforce_samples"))

    assert told(report) == documented("salesforce_samples")
    assert {each.file: each.recognised_as for each in report.files if each.rows} == {
        "ebikes_cases.json": "Salesforce cases",
        "ebikes_opportunities.json": "Salesforce opportunities",
        "event-monitoring-demo/Accounts.json": "Salesforce accounts",
        "event-monitoring-demo/Contacts.json": "Salesforce contacts",
        "event-monitoring-demo/Opportunitys.json": "Salesforce opportunities",
    }
    assert why(instance, report) == {
        ("ebikes_cases.json", "no account has the id …"): 1,
        ("ebikes_opportunities.json", "no account has the id …"): 1,
        ("event-monitoring-demo/Contacts.json", "no account is named"): 119,
        ("event-monitoring-demo/Opportunitys.json", "no account is named"): 278,
    }
    assert Account.objects.get().name == "Sample Account for Entitlements"


def test_zendesk_s_recorded_answers_load_once_the_twins_among_its_organizations_are_told(instance: Instance):
    folder = data_set("zendesk_payloads")
    asked = instance.load(folder)
    assert [each.kind for each in asked.questions] == ["account"] * 3

    report = instance.load(folder, answers={each.id: "new" for each in asked.questions}, now=LATER)

    assert told(report) == documented("zendesk_payloads")
    assert table(report) == {
        "organization.jsonl": {"created": 3, "unchanged": 2},
        "result.jsonl": {"unchanged": 83, "rejected": 917},
        "satisfaction_rating.jsonl": {"unchanged": 5, "rejected": 60},
        "ticket.jsonl": {"unchanged": 100, "rejected": 262},
        "ticket_metric.jsonl": {"unchanged": 1, "rejected": 100},
        "user.jsonl": {"unchanged": 3, "rejected": 34},
    }
    assert Ticket.objects.values("external_id").distinct().count() == 115
    unused = [each for each in report.files if "not used" in (each.recognised_as or "")]
    assert len(unused) == 14


def test_the_warehouse_seeds_are_all_known_and_load_after_one_answer(instance: Instance):
    folder = data_set("warehouse_seeds")
    asked = instance.load(folder)
    assert [each.kind for each in asked.questions] == ["owner"]
    assert not [each.file for each in asked.files if each.recognised_as is None]

    report = instance.load(folder, answers={asked.questions[0].id: "nobody"}, now=LATER)

    assert told(report) == documented("warehouse_seeds")
    landed = {each.file: counts(each) for each in report.files if each.rows and each.rejected < each.rows}
    assert landed == {
        "hubspot/company_data.csv": {"unchanged": 24},
        "hubspot/deal_company_data.csv": {"unchanged": 2},
        "hubspot/deal_pipeline_stage_data.csv": {"unchanged": 71},
        "hubspot/engagement_company_data.csv": {"unchanged": 1},
        "hubspot/owner_data.csv": {"unchanged": 100},
        "hubspot/ticket_company_data.csv": {"unchanged": 9},
        "hubspot/ticket_pipeline_stage_data.csv": {"unchanged": 15},
        "salesforce/sf_account_data.csv": {"created": 1, "rejected": 9},
        "salesforce/sf_account_history_data.csv": {"created": 1, "rejected": 9},
        "salesforce/sf_user_data.csv": {"unchanged": 10},
        "zendesk/organization_data.csv": {"unchanged": 10},
        "zendesk/user_data.csv": {"unchanged": 1, "rejected": 9},
    }
    again = instance.load(folder, now=LATER + timedelta(days=1))
    assert again.total("created") == again.total("changed") == 0


def test_telco_loads_as_accounts_known_by_their_id(instance: Instance):
    report = instance.load(data_set("churn_telco"))

    assert told(report) == documented("churn_telco")
    assert table(report) == {"Telco-Customer-Churn.csv": {"created": 7_043}}
    churned = AccountValue.objects.filter(name="status", value="churned")
    assert churned.count() == 1_869 and set(churned.values_list("known_at", flat=True)) == {NOW}
    assert RevenueMovement.objects.filter(kind="stated").count() == 7_043
    blank = Account.objects.get(key="4472-LVYGI")
    assert "total_charges" not in blank.custom and blank.custom["tenure"] == 0
