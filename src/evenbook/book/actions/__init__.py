"""Bulk writes of the book, for imports: each repeats without harm, none commits by itself."""
