"""A definition of done: which written artifacts each account needs, and which are current.

In this version coverage only; loops and the completion standard come next.
"""
