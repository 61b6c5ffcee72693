"""The business review that a customer reads without a meeting: drawn up, approved, sent, opened, answered.

A *batch* draws one *review* up for each account of the base; what it says is kept as it was approved. Nothing
goes out before a person has approved the batch. A *link* opens one review and nothing else; what its reader
asks for is a *raised hand*.
"""
