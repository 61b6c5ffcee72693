"""From files and folders to streams of rows.

``open_paths`` is the door. It gives a ``Sheet`` for every table and an ``Unread`` for everything else,
in a fixed order; no file makes it fail. Tables are read again from their file each time, so that
memory stays bounded however long they are.
"""
