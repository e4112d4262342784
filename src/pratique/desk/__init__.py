"""The officers' desk: pages that translate a request into a command or a query, and the answer into HTML."""
