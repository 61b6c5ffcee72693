"""Batches, reviews and what is written into them, as far as a viewer may see them."""
