"""Signals: dated, detectable facts about an account, each with the evidence that raised it."""
