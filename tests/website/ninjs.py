"""What ninjs 2.1 of the IPTC allows, written down from the standard: as much of it as a news item of ours can use."""

from typing import Any

_TEXT = {"type": "string", "minLength": 1}
_URI = {"type": "string", "format": "uri"}
_MOMENT = {"type": "string", "format": "date-time"}


def _list(required: list[str], **properties: Any) -> dict[str, Any]:
    one = {"type": "object", "additionalProperties": False, "required": required, "properties": properties}
    return {"type": "array", "items": one}


_WORDS = {"role": _TEXT, "contenttype": _TEXT, "value": _TEXT}
_ITEM: dict[str, Any] = {
    "uri": _URI,
    "type": {"enum": ["text", "audio", "video", "picture", "graphic", "composite", "component"]},
    "representationtype": {"enum": ["full", "partial"]},
    "profile": _TEXT,
    "version": _TEXT,
    "firstcreated": _MOMENT,
    "versioncreated": _MOMENT,
    "contentcreated": _MOMENT,
    "embargoed": _MOMENT,
    "expires": _MOMENT,
    "pubstatus": {"enum": ["usable", "withheld", "canceled"]},
    "urgency": {"type": "integer", "minimum": 1, "maximum": 9},
    "copyrightholder": _TEXT,
    "copyrightnotice": _TEXT,
    "usageterms": _TEXT,
    "ednote": _TEXT,
    "language": _TEXT,
    "title": _TEXT,
    "by": _TEXT,
    "slugline": _TEXT,
    "located": _TEXT,
    "headlines": _list(["value"], **_WORDS),
    "descriptions": _list(["value"], **_WORDS),
    "bodies": _list(["value"], **_WORDS, charcount={"type": "number"}, wordcount={"type": "number"}),
    "subjects": _list([], name=_TEXT, rel=_TEXT, uri=_URI, literal=_TEXT, creator=_TEXT),
    "genres": _list([], name=_TEXT, uri=_TEXT, literal=_TEXT),
    "infosources": _list([], name=_TEXT, role=_TEXT, uri=_URI, literal=_TEXT),
    "altids": _list([], role=_TEXT, value=_TEXT),
    "renditions": _list(
        ["name"], name=_TEXT, href=_URI, contenttype=_TEXT, title=_TEXT, height={"type": "number"},
        width={"type": "number"}, sizeinbytes={"type": "number"}, format=_TEXT,
    ),
    "standard": {"type": "object", "additionalProperties": False,
                 "properties": {"name": _TEXT, "version": _TEXT, "schema": _URI}},
}  # fmt: skip
_ASSOCIATED: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "uri"],
    "properties": {**_ITEM, "name": _TEXT, "associations": {"type": "array", "items": {"$ref": "#/$defs/associated"}}},
}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$defs": {"associated": _ASSOCIATED},
    "type": "object",
    "additionalProperties": False,
    "required": ["uri"],
    "properties": {**_ITEM, "associations": {"type": "array", "items": {"$ref": "#/$defs/associated"}}},
}
