"""Pages of the hot sheet."""
