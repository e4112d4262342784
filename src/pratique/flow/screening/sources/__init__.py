"""Watchlist sources: each reads the files of one authority, or of one form of list, into rows of schema ``LISTING``."""
