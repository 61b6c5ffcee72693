"""Expansion: many openers, one closer.

An *opening* is a hand raised by a customer, or seen by one of us, for more than they have. Anyone opens one;
each goes at once to the one *expansion owner* of its region and product, who takes it to yes or no. Doors:
``actions.raise_hand`` for what customers do themselves, ``actions.opening.open_for`` for people.
"""
