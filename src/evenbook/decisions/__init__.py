"""What waits for a leader: about whom, the sentence, the evidence, what was decided and what came of it.

A *decision* is opened by a run while its cause holds and lapses when it does not hold any more. Slices
above say what they found (``actions.keep_causes``); what can be decided of each kind is in ``rules``.
"""
