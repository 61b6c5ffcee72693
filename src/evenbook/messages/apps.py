"""Another name for the tables: Django keeps "messages" for its own."""

from __future__ import annotations

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """The slice as Django knows it."""

    name = "evenbook.messages"
    label = "mails"
