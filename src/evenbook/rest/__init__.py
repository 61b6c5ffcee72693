"""How programs ask: pages of a list, fields, problems, tags, keys that make a write happen once.

What every endpoint under ``/api/v1`` is made of. Knows neither customers nor people: who asks
stands on the request, and what they may see is decided behind the queries. Doors: ``router`` for
the slices' ``api`` modules, ``root`` for ``site``, ``shapes``, ``paging`` and ``once``.
"""
