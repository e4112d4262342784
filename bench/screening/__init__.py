"""Measures screening: quality on labelled pairs, recall inside an alert budget, speed and size, beside its peers."""
