"""Hits as officers work on them: who is meant, what changed since an answer, what a new list raises."""
