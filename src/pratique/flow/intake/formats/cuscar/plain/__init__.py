"""Plain bills: most bills of most senders, read column by column instead of segment by segment.

A bill is plain where every segment of it has a form of :mod:`.forms` and they stand in an order of :mod:`.shapes`: then
the handlers would note nothing, and what they would make of it is known beforehand. Many plain bills in a row
(:mod:`.stretches`) become rows at once (:mod:`.bills`, :mod:`.boxes`). Everything else is left to the handlers, which
say what a CUSCAR means; a property test holds that both read the same.
"""
