"""The archive of a node: made, and made a node again."""
