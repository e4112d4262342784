"""Checks of a node's health: that rows, files and what should be gone are what the journal says of them."""
