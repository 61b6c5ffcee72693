"""Pages of handoffs: the list, one with its accounts, the form that starts one, its pack."""
