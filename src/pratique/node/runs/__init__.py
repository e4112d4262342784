"""Runs: what goes into one, how it is kept, and how it is looked at again."""
