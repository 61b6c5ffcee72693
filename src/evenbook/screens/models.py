"""Views that people keep of a table."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class SavedView(models.Model):
    """A table as a person likes to see it: the filters and order of its address, under a name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    table = models.CharField(max_length=60)
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=2000, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "table", "name"], name="one_view_a_name")]

    def __str__(self) -> str:
        return self.name
