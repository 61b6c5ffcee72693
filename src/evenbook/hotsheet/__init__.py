"""The Monday list: the share of the base most at risk now, each row with its reasons."""
