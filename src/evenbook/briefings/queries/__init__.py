"""Handoffs and where they stand, what one would ask for, and the papers put together for them."""
