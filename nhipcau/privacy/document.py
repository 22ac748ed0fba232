"""Everything kept of a person, drawn from every room: as a page, and as a file whose form is documented."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nhipcau.core.holdings import Holding, Record, Subject, holdings
from nhipcau.core.middleware import LOCAL
from nhipcau.privacy.models import Access

FORMAT = "nhipcau-personal-data"
VERSION = 1


@dataclass(frozen=True)
class Heading:
    """What one room keeps under one heading."""

    holding: Holding
    records: list[Record]


def gather(subject: Subject) -> list[Heading]:
    """Every heading under which something is kept; a fixed number of queries a heading."""
    found = [Heading(holding, holding.find(subject)) for holding in holdings()]
    return [heading for heading in found if heading.records]


def masked(headings: list[Heading]) -> list[Heading]:
    """The same with numbers and addresses half hidden: the link of an admission code passes through many hands."""

    def hide(name: str, value: str) -> str:
        if name in {"phone", "guardian_phone"}:
            return f"••• ••• {value[-3:]}"
        if name in {"email", "to"} and "@" in value:
            local, _at, domain = value.partition("@")
            return f"{local[0]}•••@{domain}"
        return value

    return [
        Heading(
            heading.holding,
            [
                Record(tuple(type(d)(d.name, d.label, hide(d.name, d.value)) for d in record.details))
                for record in heading.records
            ],
        )
        for heading in headings
    ]


def as_json(headings: list[Heading], *, at: datetime, language: str) -> str:
    """The file a person may take elsewhere; its form is the schema below."""
    told = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": at.astimezone(LOCAL).isoformat(timespec="seconds"),
        "language": language,
        "data": {
            heading.holding.key: [
                {detail.name: detail.value for detail in record.details} for record in heading.records
            ]
            for heading in headings
        },
        "kept_because": {
            heading.holding.key: str(heading.holding.kept_because)
            for heading in headings
            if heading.holding.kept_because
        },
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def schema() -> dict[str, Any]:
    """The form of the file, as JSON Schema 2020-12; the headings are those the rooms declare."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Personal data kept by Nhịp Cầu of one person",
        "type": "object",
        "required": ["format", "version", "made_at", "language", "data"],
        "additionalProperties": False,
        "properties": {
            "format": {"const": FORMAT},
            "version": {"const": VERSION},
            "made_at": {"type": "string", "format": "date-time", "description": "When the file was made, local time."},
            "language": {"enum": ["vi", "en"], "description": "Language of the texts."},
            "data": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    holding.key: {
                        "type": "array",
                        "description": str(holding.label),
                        "items": {"type": "object", "additionalProperties": {"type": "string"}},
                    }
                    for holding in holdings()
                },
            },
            "kept_because": {
                "type": "object",
                "description": "Why what cannot be erased on request stays, by heading.",
                "additionalProperties": {"type": "string"},
            },
        },
    }


def of(access: Access, subject: Subject) -> list[Heading]:
    """What the page shows by one link."""
    found = gather(subject)
    return masked(found) if access.how == Access.How.TICKET else found
