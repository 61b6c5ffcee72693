"""The page of sizing."""
