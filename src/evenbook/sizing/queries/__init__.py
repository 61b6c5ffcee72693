"""What is measured and kept of sizing, for whoever may see it."""
