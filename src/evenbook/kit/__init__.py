"""Small things without domain words: errors, dates, money, names for ids."""
