"""Copies of an instance: backups, their restoring, and the move to another database.

One form for all three. A table is a run of *lines*, a JSON array a row, in the order of the primary
key; a value is written the same on SQLite and on PostgreSQL, so the digest of the lines proves a copy
whatever it was made from and for. What is copied is seen as it stood at one instant.
"""
