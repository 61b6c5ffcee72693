"""The pages that read many slices: My week, Team week, Accounts, Account, finding by name.

Nothing is decided here: ``queries`` gathers what the slices give each viewer, ``web`` says it in
sentences and tables. Every figure opens the rows that it is folded from.
"""
