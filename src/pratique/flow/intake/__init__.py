"""Messages become frames and findings.

In: the bytes of one file, already kept under their SHA-256. Out: a ``Manifest`` and what went to quarantine.
It never drops, repairs or defaults anything in silence, never touches a disk, and never decides about risk.
"""
