"""Openings, the expansion list, the ladder and the scoreboards, as far as a viewer may see them."""
