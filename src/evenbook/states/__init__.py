"""Where each account stands, by its signals, and each transition as an event with its causes."""
