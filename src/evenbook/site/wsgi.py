"""The web application, for any WSGI server."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenbook.site.settings")
application = get_wsgi_application()


def _serves() -> None:
    """Tell the reader of frames that threads of this process hold connections of their own."""
    from evenbook.frames import reader

    reader.serves = True


_serves()
