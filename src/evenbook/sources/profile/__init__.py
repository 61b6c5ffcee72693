"""What the columns of a sheet look like, in one pass and bounded memory.

The findings feed the proposed mapping and the questions; they decide nothing by themselves.
"""
