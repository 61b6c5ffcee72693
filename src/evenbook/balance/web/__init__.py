"""Pages of books and proposals."""
