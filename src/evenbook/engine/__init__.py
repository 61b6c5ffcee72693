"""Mathematics that knows no customers: each file cites its source and is checked against brute force.

Doors: ``detection`` (which series of counts fell or rose, week by week), ``fleet_simulator``
(made-up series with changes of known date).
"""
