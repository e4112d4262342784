"""UN/EDIFACT syntax (ISO 9735): bytes become segments and messages, whatever the message type.

In: a binary stream. Out: messages, each a run of segments in one canonical spelling, and findings for every tolerance
that was needed to read them. It reads in one pass with bounded memory, keeps no segment, and never decides what a
segment means.
"""
