"""Handing a book over: announcing it, calling it off, its cover note, confirming what was received."""
