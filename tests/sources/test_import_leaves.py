"""What an import says and leaves behind: its duration, reasons, mappings to edit; a dry run leaves nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from evenbook.people.viewer import SYSTEM
from evenbook.records.models import Opportunity
from evenbook.sources.actions import importing, remember_mapping
from evenbook.sources.actions.records import keep_load
from evenbook.sources.models import Load, Mapping
from evenbook.sources.reading import Given, Limits
from evenbook.sources.rules.mapping import mapping_of
from evenbook.sources.rules.report import MOST_REASONS, Reasons
from evenbook.sources.web.samples import mapping_in_force, sample_of
from sources.importing import NOW, Instance

DOUBTFUL = ("account_id,account_name,tier,arr", "A-1,Fern,Gold,100", "A-2,Moss,1,-5")
PRODUCTS = ("product,series,sales_price", "GTX Pro,GTX,550", "MG Special,MG,55")


def stored(home: Path) -> list[str]:
    return sorted(str(path.relative_to(home)) for path in home.rglob("*"))


def test_an_import_says_how_long_it_took(instance: Instance):
    instance.accounts("Fern")

    load = Load.objects.get()
    assert load.started_at == NOW
    assert 0 < (load.ended_at - load.started_at).total_seconds() < 60


def test_a_dry_run_leaves_no_file_behind(instance: Instance):
    files = [instance.write("accounts.csv", *DOUBTFUL), instance.write("products.csv", *PRODUCTS)]
    dry = instance.load(*files, dry_run=True)

    assert len(dry.questions) == 2 and dry.total("rejected") == 1
    assert dry.rejects_file is None and dry.answers_file is None
    assert stored(instance.home) == []
    assert not Load.objects.exists()


def test_a_dry_run_writes_its_rejects_where_it_is_told_and_nothing_beside(instance: Instance):
    asked = instance.folder / "rejects.csv"
    asked.write_text("an older one", encoding="utf-8")
    dry = instance.load(instance.write("accounts.csv", *DOUBTFUL), dry_run=True, dry_rejects=asked)

    assert dry.rejects_file == str(asked)
    assert [row["row"] for row in instance.rejects(dry)] == ["3"]
    assert {path.name for path in instance.folder.iterdir()} == {"accounts.csv", "home", "rejects.csv"}
    assert stored(instance.home) == []


def test_a_load_that_fails_at_its_very_end_leaves_no_file(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
):
    def kept_and_broken(*args: Any, **options: Any) -> None:
        keep_load(*args, **options)
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(importing, "keep_load", kept_and_broken)
    with pytest.raises(RuntimeError):
        instance.load(instance.write("accounts.csv", *DOUBTFUL))

    assert [path for path in stored(instance.home) if path != "rejects"] == []


def test_rejects_are_summed_up_by_reason_with_the_first_row_of_each(instance: Instance):
    rows = ("A-1,Fern,-1", "A-2,Moss,-2", "A-3,Reed,many", ",,5")
    report = instance.load(instance.write("accounts.csv", "account_id,account_name,arr", *rows))

    assert [(each.row, each.column, each.rows) for each in report.reasons] == [
        (2, "arr", 2),
        (4, "arr", 1),
        (5, "account_id", 1),
    ]
    assert "negative" in report.reasons[0].reason


def test_very_many_reasons_are_counted_in_bounded_memory():
    reasons = Reasons()
    for row in range(MOST_REASONS * 3):
        letters = re.sub(r"\d", lambda digit: "abcdefghij"[int(digit[0])], str(row))
        reasons.add(("a.csv", row), "", f"it says {letters}")

    assert len(reasons.commonest()) == MOST_REASONS


def test_a_question_names_no_path_of_the_server(instance: Instance):
    report = instance.load(instance.write("products.csv", *PRODUCTS))

    (question,) = report.questions
    assert str(instance.home) not in question.asks and "/" not in question.asks
    assert report.files[0].proposal == str(instance.home / "mappings" / "products.yaml")


def test_a_mapping_that_somebody_edits_is_not_written_over(instance: Instance):
    path = instance.write("products.csv", *PRODUCTS)
    proposed = Path(instance.load(path).files[0].proposal)
    edited = proposed.read_text(encoding="utf-8").replace("sales_price: amount", "sales_price: skip")
    proposed.write_text(edited, encoding="utf-8")

    assert instance.load(path).files[0].proposal == str(proposed)
    assert proposed.read_text(encoding="utf-8") == edited


def test_two_unknown_files_of_one_name_have_a_mapping_each(instance: Instance):
    first = instance.write("a/products.csv", *PRODUCTS)
    second = instance.write("b/products.csv", "color,shape", "red,round", "blue,square")
    report = instance.load(first, second)

    proposals = [Path(each.proposal) for each in report.files]
    assert len(set(proposals)) == 2
    assert [set(yaml.safe_load(each.read_text())["columns"]) for each in proposals] == [
        {"product", "series", "sales_price"},
        {"color", "shape"},
    ]


def test_a_tool_s_mapping_that_was_edited_is_still_the_tool_s(instance: Instance):
    headers = ("Id", "Username", "FirstName", "LastName", "Email", "IsActive", "UserType", "Nickname")
    path = instance.write("users.csv", headers, "005x1,a@n.example,Amara,Obi,a@n.example,true,Standard,Am")
    proposed = instance.load(path, dry_run=True).files[0]
    assert proposed.recognised_as == "Salesforce users"

    sample = sample_of([Given(path, "users.csv", "")], "users.csv", Limits(), rows=100, shown=5)
    mapping = mapping_in_force(sample, None, table="people")
    document = {**mapping.as_document(), "columns": {**mapping.columns, "Nickname": "skip"}}
    remember_mapping("users.csv", headers, document, by=SYSTEM, now=NOW)
    kept = mapping_of(Mapping.objects.get().document, headers, where="users.csv")

    assert kept.is_vendor and kept.label == "Salesforce users" and kept.columns["Nickname"] == "skip"
    assert instance.load(path).files[0].recognised_as == "Salesforce users"


def test_a_value_that_another_file_s_list_nearly_has_is_told_and_kept(instance: Instance):
    instance.accounts("Fern")
    products = instance.write("products.csv", *PRODUCTS)
    sales = instance.write(
        "sales.csv", "opportunity_id,account_id,product,deal_stage",
        "O-1,A-1,GTXPro,Won", "O-2,A-1,GTXPro,Won", "O-3,A-1,MG Special,Won", "O-4,A-1,Other,Won",
    )  # fmt: skip
    report = instance.load(products, sales)
    notes = {each.file: each.notes for each in report.files}

    said = "'GTXPro' in product is not in products.csv, which has 'GTX Pro'; it is kept as written."
    assert said in notes["sales.csv"] and not any(
        "MG" in note or "Other" in note for note in notes["sales.csv"]
    )
    assert Opportunity.objects.filter(product="GTXPro").count() == 2


def test_an_industry_one_letter_away_from_a_common_one_is_told_and_kept(instance: Instance):
    rows = ("A-1,Fern,technolgy", "A-2,Moss,Retail", "A-3,Reed,Beekeeping")
    report = instance.load_rows("accounts.csv", "account_id,account_name,industry", *rows)

    assert [note for note in report.notes if "misspelled" in note] == [
        "'technolgy' in industry may be 'technology', misspelled; it is kept as written."
    ]


def test_sales_without_any_date_are_counted(instance: Instance):
    instance.accounts("Fern")
    rows = ("O-1,A-1,Prospecting,", "O-2,A-1,Won,2025-01-05", "O-3,A-1,Engaging,")
    report = instance.load_rows("sales.csv", "opportunity_id,account_id,deal_stage,close_date", *rows)

    assert "2 opportunities have no date: known from the first load on." in report.notes
