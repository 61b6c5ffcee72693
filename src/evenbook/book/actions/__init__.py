"""Bulk writes of the book, for imports: each repeats without harm, none commits by itself."""

from evenbook.book.models import Contact, Contract, Versioned

__all__ = ["Contact", "Contract", "Versioned"]
