"""Reviews of a thousand accounts survive a worker that is killed; a hundred thousand guessed links open nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.faults import reviewed
from tests.messages.mail_server import mail_server

pytestmark = pytest.mark.slow
ACCOUNTS, LEAST_REVIEWS = 1_450, 1_000
"""Made for a demo; a good quarter of them have left by its day."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[reviewed.Base]:
    with mail_server() as box:
        yield reviewed.base(tmp_path_factory.mktemp("reviews") / "home", box, accounts=ACCOUNTS)


def test_a_worker_killed_five_times_sends_each_of_a_thousand_reviews_once_and_then_no_guess_opens_one(
    base: reviewed.Base,
) -> None:
    sent = reviewed.sent(base, kills=5)

    assert sent.went >= LEAST_REVIEWS and sent.kills == 5
    assert 0 < sent.after[0] and list(sent.after) == sorted(set(sent.after)) and sent.after[-1] < sent.went
    assert sent.is_once, sent

    guessed, timed = reviewed.tried(base, sent.batch, tries=100_000, addresses=20, rounds=1_500)
    assert guessed.tries == 100_000 and guessed.opened == 0
    assert set(guessed.answers) == {404, 429} and guessed.answers[404] == guessed.kept <= 20 * 32
    assert guessed.read > 100 and guessed.refused == 0, "a reader with a right link is never held off"
    assert abs(timed.near - 1) < 0.1 and abs(timed.ended - 1) < 0.25, timed
