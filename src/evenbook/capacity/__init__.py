"""Effort, capacity and load: what each account takes, what each person can sustain, and the difference.

A calibration learns the weights of effort from logged hours; a person adopts it as a version of the policy.
"""
