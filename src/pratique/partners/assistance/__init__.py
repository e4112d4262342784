"""Requests for assistance: what each instrument wants in them, their states, clocks and grounds.

In: what was written so far (``drafts``) and the profile of the instrument it is made under (``profiles``).
Out: what is missing or doubtful with article and consequence (``check``), the channel to take (``channel``), what may
happen next (``states``), when an answer is due (``clocks``) and how partners answered before (``statistics``).
It never sends anything, knows no clock, and decides nothing about what may be disclosed.
"""
