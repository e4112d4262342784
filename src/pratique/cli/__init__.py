"""The command line: translates words into commands and queries, and answers into tables or JSON.

In: arguments. Out: text, and an exit code that means something. It decides nothing and keeps nothing.
"""
