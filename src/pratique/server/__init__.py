"""The machine that serves the desk and the API: one process, one node, long work in processes of its own.

In: HTTP requests. Out: pages of :mod:`pratique.desk` and answers of :mod:`pratique.api`, with the headers, bounds and
hosts that hold for both. It knows no page and no route by name, and decides nothing.
"""
