"""Importing files, answering questions, keeping mappings."""

from evenbook.sources.actions.answering import answer
from evenbook.sources.actions.importing import import_files
from evenbook.sources.actions.mappings import remember_mapping

__all__ = ["answer", "import_files", "remember_mapping"]
