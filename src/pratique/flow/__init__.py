"""The flow that decides, read downwards: intake, screening, risk, selection; ``assess`` is the whole way through.

Every stage is a pure function from frames to frames: no clock, no database, no network. The slices do not import one
another.
"""
