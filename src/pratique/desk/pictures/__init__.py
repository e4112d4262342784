"""Pictures: small SVGs drawn by the server, from numbers a page already has.

In: integers and words. Out: markup whose every colour is a class of ``components.css``, so that themes, print and a
strict content policy hold. Each picture has one sentence that says its finding; geometry is mirrored by the style sheet
for scripts that run from right to left.
"""
