"""From files to facts: read them, say what they are, ask what is in doubt, land the rest.

Nouns: a *sheet* is one table of one file; a *mapping* says what its columns mean; a *question* holds
rows back until a person answers; a *load* is one import, all of it or nothing.

Doors: ``actions.import_files`` and ``actions.answer``, ``queries`` for past loads and open questions.
``reading``, ``values`` and ``profile`` know files and cells, nothing of customers; ``rules`` decide.
``sample`` makes the sample company.
"""
