"""Keeping proposals, deciding them, undoing them, and locking accounts to their owners."""
