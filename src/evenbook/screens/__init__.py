"""What every page is made of: the base page, figures, tags, charts, tables, saved views, exports.

Knows no customers. Doors: the template tags of ``templatetags.screens`` (built into every
template), ``shown`` (how numbers are said), ``sentences``, ``charts``, ``tables``, ``exports``,
``places`` (the navigation), ``views.save`` by its address. ``/-/patterns`` shows each component
in each state.
"""
