"""Accounts, their people, contracts and revenue, the CS team, and who owned what on which day.

Doors: ``queries`` (what a viewer may see), ``access`` (the one place that decides it),
``tables`` (the same facts for rules), ``landing`` (bulk writes for imports).
"""
