"""The pages of the desk: translate the address, ask once, say it in a sentence and tables."""
