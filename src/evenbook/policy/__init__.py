"""The organization's own numbers: schema with unit and reason, versions, history, files.

A slice describes its numbers in its own ``numbers.py`` with the words of ``policy.schema``;
``site`` names those sections in the setting ``EVENBOOK_POLICY_SECTIONS``, so that nothing here
looks up the river.

Doors: ``schema`` (pure), ``queries.in_force`` (the numbers of a day), ``actions.adopt``.
"""
