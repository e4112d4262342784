"""Requests for assistance and evidence as they stand on this node."""
