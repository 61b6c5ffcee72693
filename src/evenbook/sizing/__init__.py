"""What team the base can fund and what it does: the equation, and the headcount that the pipeline needs.

The *equation* turns six inputs into four outputs and one verdict; each input begins at what was measured. A
*scenario* is a set of inputs that somebody saved. A *headcount plan* holds the hours that the months ahead
need against those that there are, from many simulated years. How few people can own today's accounts within
every rule is another question, and ``balance`` answers it.
"""
