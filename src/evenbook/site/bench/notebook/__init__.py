"""The weekly measures as an analyst would write them in a notebook: pandas, one week at a time.

Not part of the product. It is the other side of two comparisons: what the rules cost beside it
(``evenbook bench week``), and whether two programs written apart give the same values (tests).
Only the detector and the state machine are the product's own: they are numpy already.
"""
