"""Foreign keys point only downhill, and rules about money, time and audit hold for every model."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.apps import apps
from django.db import models

from river import may_use, slices


def own_models() -> Iterator[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.startswith("evenbook."):
            yield model


def slice_of(model: type[models.Model]) -> str:
    return model.__module__.split(".")[1]


def test_a_foreign_key_points_at_its_own_slice_or_further_down():
    uphill = [
        f"{model.__name__}.{field.name} in {slice_of(model)} -> {slice_of(field.related_model)}"
        for model in own_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        and slice_of(field.related_model) in slices()
        and not may_use(slice_of(model), slice_of(field.related_model))
    ]

    assert uphill == []


def test_amounts_are_whole_minor_units():
    inexact = [
        f"{model.__name__}.{field.name}"
        for model in own_models()
        for field in model._meta.get_fields()
        if re.search(r"(_cents|amount|price|^arr$|_arr$)", field.name)
        and isinstance(field, models.FloatField | models.DecimalField)
    ]

    assert inexact == []


def test_instants_end_in_at_and_days_in_on():
    misnamed = [
        f"{model.__name__}.{field.name}"
        for model in own_models()
        for field in model._meta.get_fields()
        if type(field) in (models.DateTimeField, models.DateField)
        and field.name not in {"as_of", "last_login", "date_joined", "known_until", "on", "at"}
        and not field.name.endswith("_at" if type(field) is models.DateTimeField else "_on")
    ]

    assert misnamed == []


def test_no_model_saves_with_logic_of_its_own():
    clever = [model.__name__ for model in own_models() if "save" in vars(model)]

    assert clever == []
