"""Drawing batches up, deciding them, sending them, links and what their readers do, what is written in."""
