"""Which metrics there are, for whom, and where each acts. Pure."""
