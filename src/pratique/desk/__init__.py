"""The officers' desk: pages that translate between people and the node, and nothing else.

In: a request of a browser. Out: HTML made of the answers of ``node.ask``, and commands given to ``node.execute``.
A page is one module of :mod:`pratique.desk.pages` with its template of the same name; it joins by a line in ``app.py``.
No page decides, reads a file or knows a table of the store.
"""

from pratique.desk.app import build_desk

__all__ = ["build_desk"]
