"""The addresses that the pages of the policy need, without the slices above them."""

from __future__ import annotations

from evenbook.people.urls import urlpatterns as people
from evenbook.policy.urls import urlpatterns as policy
from evenbook.screens.urls import urlpatterns as screens

urlpatterns = [*people, *policy, *screens]
