"""The pages of reviews: of those who send them, and the one that a link opens to a customer."""
