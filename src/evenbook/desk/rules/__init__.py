"""Which metrics and reports there are, for whom, and where each acts. Pure."""
