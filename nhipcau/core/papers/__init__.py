"""Official papers by Decree 30/2020 as editable Word files: describe a `Paper`, `render` it, add its `slip`."""

from nhipcau.core.papers.model import (
    KINDS,
    Appendix,
    Article,
    Block,
    Heading,
    Items,
    Letterhead,
    Paper,
    Paragraph,
    Signature,
    Table,
    Urgency,
    symbol_for,
)
from nhipcau.core.papers.render import render
from nhipcau.core.papers.slip import STEPS, Step, slip

__all__ = [
    "KINDS",
    "STEPS",
    "Appendix",
    "Article",
    "Block",
    "Heading",
    "Items",
    "Letterhead",
    "Paper",
    "Paragraph",
    "Signature",
    "Step",
    "Table",
    "Urgency",
    "render",
    "slip",
    "symbol_for",
]
