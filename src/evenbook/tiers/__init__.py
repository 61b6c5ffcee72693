"""How each account is served: the tier in force, or the one that its ARR suggests while none is set."""
