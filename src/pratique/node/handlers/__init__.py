"""One module for each slice: its commands and queries at the top, and below them the functions of the same words."""
