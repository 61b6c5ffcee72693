"""The description of the API, attacked from itself: no answer that it does not announce."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.urls import get_resolver
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi import checks

from conftest import ON_POSTGRESQL, PROOFS
from evenbook.site.urls import API
from evenbook.site.wsgi import application

EXAMPLES = 8 if PROOFS else 3
"""Random examples an endpoint, besides those that cover each parameter in each way it can be wrong."""

WRITES = ["POST", "PUT", "PATCH", "DELETE"]
"""In make test on PostgreSQL these alone, where the databases differ in what they take."""


@pytest.fixture
def described(db: None) -> Any:
    """Return the description as the fuzzer reads it, with the application to ask.

    A fixture, for what is worked out from it takes seconds in every process that collects the tests.
    """
    _ = get_resolver().url_patterns
    schema = schemathesis.openapi.from_dict(dict(API.get_openapi_schema()))
    schema.app = application
    return schema


endpoints = schemathesis.pytest.from_fixture("described")


@pytest.mark.proof
@(endpoints.include(method=WRITES) if ON_POSTGRESQL and not PROOFS else endpoints).parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_no_request_gets_an_answer_that_the_description_does_not_announce(case, headers):
    """Left out: that all that fits the description is taken; a cursor may fit and yet belong to another list."""
    case.call_and_validate(headers=headers, excluded_checks=[checks.positive_data_acceptance])
