"""Files for people and machines: tables, documents, calendars. Knows no customers.

A *sheet* is a table of typed columns, as CSV, Excel or Parquet. A *document* is a title and its
parts, as a page, a PDF, a Word file or slides. An *event* is something on a day or at an hour.

Doors: ``sheets``; ``parts`` (what a document is made of) and ``html``, ``pdf``, ``docx``, ``pptx`` (what
writes it); ``calendar``. Only this slice opens the libraries that write them, and none of them is
loaded before the first file is written.
"""
