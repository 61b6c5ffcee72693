"""What is stored of one person, wherever it stands: taken out as a file, or forgotten.

Every slice says of each text column whether it can name somebody (``personal.py`` in the slice); here the
declarations are gathered, and one walk over all tables finds, writes out or replaces.
"""
