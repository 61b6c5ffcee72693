"""Books to be balanced, proposals and locks, as far as a viewer may see them."""
