"""Who should own which account: proposals that are even, few in moves, explained, and provably near the best.

A *proposal* says for each account who should own it, with the book of each person before and after, why
each account moves, how far from the best it is at most, and which rules hold it back. People decide: a
proposal changes owners once somebody approves it, in part or in whole, and for a day it can be undone.
``engine.assignment`` knows items and persons; this slice knows accounts, rules and reasons.
"""
