"""Two who approve at once: one does. A worker killed in the midst of sending: each review goes once all the same."""

from __future__ import annotations

import os
import signal
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.closures.test_closing_at_once import at_once
from tests.reviews import reviewing, sender
from tests.runs.test_crash import until

from evenbook.messages.models import Mail
from evenbook.people.viewer import SYSTEM
from evenbook.reviews.actions import deciding
from evenbook.reviews.jobs import SENDING
from evenbook.reviews.models import Review, ReviewBatch, ReviewLink
from evenbook.runs.models import Job

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_who_approve_at_once_one_does() -> None:
    reviewing.build()
    number = reviewing.drawn()
    reviewing.looked(number)

    def approving() -> Any:
        return deciding.approve(number, by=SYSTEM, now=reviewing.NOW, work=SENDING)

    found = at_once(approving, approving, approving)
    assert sorted(map(str, found)) == ["8", "reviews-refused", "reviews-refused"]
    assert Job.objects.filter(work="reviews-send").count() == 1


def test_a_worker_killed_in_the_midst_of_sending_leaves_the_rest_to_the_next_and_each_goes_once(
    tmp_path: Path, settings: Any
) -> None:
    settings.EVENBOOK_HOME, database = tmp_path, str(connection.settings_dict["NAME"])
    reviewing.build(24)
    number = reviewing.drawn()
    reviewing.looked(number)
    deciding.approve(number, by=SYSTEM, now=datetime.now(UTC), work=SENDING)

    def went() -> int:
        return Review.objects.filter(batch=number, state="sent").count()

    with sender.worker(tmp_path, database) as first:
        until(lambda: went() >= 3)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    assert 3 <= went() < 24 and ReviewBatch.objects.get().state == "approved"
    with sender.worker(tmp_path, database):
        until(lambda: ReviewBatch.objects.get().state == "sent")
        until(lambda: Job.objects.get(work="reviews-send").state == "done")

    assert went() == Mail.objects.count() == ReviewLink.objects.count() == 24
    assert set(Counter(Mail.objects.values_list("to", flat=True)).values()) == {1}
    decks = list((tmp_path / "cache" / "reviews" / str(number)).iterdir())
    assert len(decks) == 24 and {each.suffix for each in decks} == {".pptx"}
    assert Job.objects.get(work="reviews-send").restarts == 1
