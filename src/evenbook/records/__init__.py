"""The facts that sources told us: interactions, tickets, usage weeks, scores, opportunities, artifacts.

Doors: ``queries``, ``tables`` (the same facts for rules), ``landing`` (bulk writes).
"""
