"""Work that outlives a request: each run of it, what it was given and how it ended."""
