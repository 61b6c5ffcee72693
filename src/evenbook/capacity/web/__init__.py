"""Pages of effort and capacity."""
