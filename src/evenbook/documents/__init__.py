"""Files for people and machines: tables as CSV, Excel and Parquet. Knows no customers.

Doors: ``sheets`` (a table of typed columns and the three forms it is written in).
"""
