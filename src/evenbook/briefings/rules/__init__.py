"""What a handoff asks for, how long it takes, and what its pack says."""
