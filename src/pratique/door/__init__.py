"""The partner's door, ``/partner/v1``: what other administrations call. Nothing is told to anybody else.

In: requests that a confirmed partner signed (RFC 9421). Out: signed receipts and errors, envelopes for partners who
call, the own descriptor, the newest checkpoint, cosignatures. Who did not sign gets the same empty answer whatever was
asked.
"""
