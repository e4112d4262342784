"""XML from outside, read safely and as a stream.

In: bytes. Out: the parts a format asks for (a bill, a declaration), one at a time, each with its place, and breaks
where the text could not be read. Never: entities, document types, the network, or memory that grows with the file.
"""

from pratique.flow.intake.xml.door import MOST_PROLOG_BYTES, Break, Limits, Part, PartReader, Survey
from pratique.flow.intake.xml.elements import Element, local_name, qualified_name
from pratique.flow.intake.xml.prolog import Prolog, begins_like_xml, read_prolog, root_of
from pratique.flow.intake.xml.rows import Rows
from pratique.flow.intake.xml.tree import Branch
from pratique.flow.intake.xml.trouble import unreadable

__all__ = [
    "MOST_PROLOG_BYTES",
    "Branch",
    "Break",
    "Element",
    "Limits",
    "Part",
    "PartReader",
    "Prolog",
    "Rows",
    "Survey",
    "begins_like_xml",
    "local_name",
    "qualified_name",
    "read_prolog",
    "root_of",
    "unreadable",
]
