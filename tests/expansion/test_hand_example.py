"""The example of the guide: a program raises a hand at the signed door of a server that runs.

Apart from the other tests of hands: their file holds a team while its tests run.
"""

from __future__ import annotations

from typing import Any

import pytest
from tests.expansion.test_hands import KEY, hand
from tests.pages import company
from tests.pages.company import NOW

from evenbook.expansion.actions.hands import make_key
from evenbook.expansion.models import Opening
from evenbook.people.queries import viewer_of
from river import ROOT


@pytest.mark.django_db(transaction=True)
def test_the_example_of_the_guide_runs(live_server: Any) -> None:
    made = company.build(8)
    secret = make_key("Shop", key=KEY, salt="salt", by=viewer_of(made.users["olu"], surface="page"), now=NOW)
    guide = (ROOT / "docs" / "guides" / "expansion.md").read_text(encoding="utf-8")
    block = guide.split("```python\n")[1].split("```")[0]
    told: dict[str, Any] = {}
    exec(block, told)

    answer = told["raise_hand"](live_server.url, KEY, secret, hand(made))

    assert answer["is_new"] is True and Opening.objects.get().product == "Insights"
