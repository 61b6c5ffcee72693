"""Effort, capacity and load: what each account takes, what each person can sustain, and the difference."""
