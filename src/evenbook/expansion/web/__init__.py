"""Expansion on pages."""
