"""A definition of done: what each account is owed in writing, by whom and by when, and what is current.

Loops open from records by rules and are closed by artifacts that meet their standard; coverage says
which artifacts each account has; the audit says why one is missing.
"""
