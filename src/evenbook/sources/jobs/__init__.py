"""Imports that outlive a request."""

WORKS = ()
ROUNDS = ()
