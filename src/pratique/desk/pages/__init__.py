"""One module a page: a function for each thing the page does, from a visit to a response.

A new page is a module here, a template of the same name and its lines in ``app.py``. ``queue.py`` is the pattern.
"""
