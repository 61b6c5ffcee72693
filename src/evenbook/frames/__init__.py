"""Tables as columns, as of any day: the one door to the column engine.

Callers describe their tables (`Table`) and their rules (`Step`); this slice reads the
application database into Arrow, caches it on disk under the version of the data, and runs
the steps in an in-process column engine (`Session`). It knows no customers.
"""
