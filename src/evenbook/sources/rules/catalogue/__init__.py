"""What the common tools export: one module a tool, data only."""
