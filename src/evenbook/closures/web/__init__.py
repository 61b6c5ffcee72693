"""Pages of closures: the coverage matrix, a loop with the form that closes it."""
