"""Papers put together from what is written: the handoff of a book, with its pack and transfer briefs.

Nouns: a *handoff* (somebody hands their book over), its *pack* (one document), a *cover note* (for a
short leave). Doors: ``queries``, ``actions``. Later: the weekly briefing, the preparation of a meeting.
"""
