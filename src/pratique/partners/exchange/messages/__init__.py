"""Typed messages: what an alert, a seizure notice or a request holds, field by field, each with its data category.

A message is a closed record. Only the few fields of its own business are required, so that what an agreement does not
cover can be left out and the rest still goes. The schemas are published (``data/messages``, JSON Schema 2020-12), with
``x-category`` and ``x-personal`` on every field: what a partner of other make needs to read and write them.
"""
