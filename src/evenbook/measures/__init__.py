"""Measures: the cards that describe them, the runner that opens them, and those of retention.

Every other measure lives with its nouns, as one SQL file with a card in ``<slice>/rules/``.
"""
