"""What breaks first when there are so many times more accounts: ``evenbook doctor --at 10x``.

Each look measures this instance, says how the figure grows with the accounts, and holds it against the limit
that it will meet. Nothing is guessed of a figure that was never measured: such a look is skipped.
"""
