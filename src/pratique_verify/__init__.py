"""Checks what a Pratique node hands over, offline: proof files and evidence bundles.

It shares no line with the node and needs nothing but Python and ``cryptography``, so that whoever doubts the node can
read all of it. Read ``merkle``, ``notes``, ``proofs``, ``bundles``, ``main``, in that order.
"""
