"""Keeping scenarios, plans and steps of the roll-out."""
