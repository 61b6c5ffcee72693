"""What `evenbook bench` measures: the weekly run, and the detection."""
