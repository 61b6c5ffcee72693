"""Nothing half loaded: a database that fails at any write leaves the instance as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import OperationalError, connection

from evenbook.sources.models import KeptFile
from sources.importing import LATER, Instance

WRITES = ("INSERT", "UPDATE", "DELETE")


class Broken:
    """Lets so many writes through and fails at the next."""

    def __init__(self, after: int) -> None:
        self.after, self.writes = after, 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith(WRITES):
            self.writes += 1
            if self.writes > self.after:
                raise OperationalError("disk I/O error")
        return execute(sql, params, many, context)


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the slices that an import writes to."""
    labels = ("book", "records", "sources")
    models = [model for label in labels for model in apps.get_app_config(label).get_models()]
    return {model.__name__: sorted(model._default_manager.values_list(), key=str) for model in models}


def files(home: Path) -> list[str]:
    return sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.is_file())


def everything(instance: Instance) -> list[Path]:
    """Write a folder in which each kind of row does something: loads, is rejected, is held."""
    return [
        instance.write("accounts.csv", "account_id,account_name,csm,arr,tier",
                       "A-1,Fern,Amara Obi,100,1", "A-2,Moss,Ben Hale,-5,2", "A-3,Reed,Ben Hale,7,Gold"),
        instance.write("tickets.csv", "ticket_id,account_id,opened_at,priority", "T-1,A-1,2026-01-05,high"),
        instance.write("meetings.csv", "meeting_id,account_id,meeting_date,minutes,csm", "M-1,A-1,2026-01-05,30,Zoe Ash"),
        instance.write("usage.csv", "account_id,date,logins", "A-1,2026-01-05,3", "A-1,2026-01-06,4"),
        instance.write("contracts.csv", "contract_id,account_id,start_date,arr", "C-1,A-1,2025-01-01,90"),
    ]  # fmt: skip


def writes_of(instance: Instance, paths: list[Path]) -> int:
    counted = Broken(after=10**9)
    with connection.execute_wrapper(counted):
        instance.load(*paths, dry_run=True)
    return counted.writes


def test_a_write_that_fails_anywhere_leaves_the_instance_as_it_was(instance: Instance):
    instance.load(instance.write("first.csv", "account_id,account_name,tier", "A-9,Oak,Silver"))
    paths = everything(instance)
    before, on_disk, writes = rows(), files(instance.home), writes_of(instance, paths)
    assert rows() == before and writes > 15

    for after in range(writes):
        with pytest.raises(OperationalError), connection.execute_wrapper(Broken(after)):
            instance.load(*paths, now=LATER)
        assert rows() == before, after
        assert files(instance.home) == on_disk, after

    report = instance.load(*paths, now=LATER)
    assert report.total("created") == 6 and report.total("rejected") == report.total("held") == 1
    assert {each.name for each in KeptFile.objects.all()} == {"first.csv", "accounts.csv"}
