"""What is written down about each request and event, and what never is.

One line an event: JSON for machines, readable where somebody looks at a terminal. No query string, body, name, number,
address of mail or token goes in: paths are told by the name of their view, errors without their message (a database puts
the row into it) and without local variables.
"""

import logging
import re
import secrets
import sys
from collections.abc import MutableMapping
from contextvars import ContextVar
from datetime import datetime
from traceback import extract_tb
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from structlog.typing import EventDict, Processor

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FORMS = ("json", "lines")
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is heard or read wrongly on the telephone
_PROXYS = re.compile(r"[0-9A-Za-z-]{8,64}")
_current: ContextVar[str] = ContextVar("request_id", default="")

# Django says the path of what it refused; our own line about the request says the view.
_SILENCED = ("django.security.csrf", "django.server")
_SCRUBBED = (
    (re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+"), "[mail]"),
    (re.compile(r"(?<![\w.:-])\+?\d(?:[ .-]?\d){8,14}(?![\w:-])"), "[number]"),
    (re.compile(r"(?<=[/=. ])[0-9A-Za-z_-]{20,}(?![\w.])"), "[token]"),
    (re.compile(r"\?[^\s'\"]*"), "?[query]"),
)


def new_request_id(offered: str = "") -> str:
    """What a trusted proxy calls the request, where it says so properly; else eight characters to read out."""
    if _PROXYS.fullmatch(offered):
        return offered
    code = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{code[:4]}-{code[4:]}"


def enter(request_id: str) -> object:
    """From here on every line of this thread carries the id; hand the result to `leave`."""
    return _current.set(request_id)


def leave(token: Any) -> None:
    """The request is over."""
    _current.reset(token)


def request_id() -> str:
    """The id of the request at hand; "" outside of any."""
    return _current.get()


def scrub(text: str) -> str:
    """A sentence of somebody else's code without what looks like an address, a number or a token."""
    for pattern, instead in _SCRUBBED:
        text = pattern.sub(instead, text)
    return text


def told_error(error: BaseException) -> list[dict[str, Any]]:
    """An error and those behind it: kind and places in the code, and what a database or system names safely."""
    told: list[dict[str, Any]] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        one: dict[str, Any] = {"type": f"{type(current).__module__}.{type(current).__qualname__}"}
        if isinstance(current, OSError) and current.strerror:
            one["reason"] = current.strerror
        diagnosis = getattr(current, "diag", None)
        if diagnosis is not None:
            one |= {"sqlstate": diagnosis.sqlstate, "constraint": diagnosis.constraint_name}
        one["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in extract_tb(current.__traceback__)]
        told.append(one)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return told


class Unpathed(logging.Filter):
    """Django's words about a request name its path: the error is kept, the words are ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Only what broke passes."""
        if not record.exc_info:
            return False
        record.msg, record.args = "An error nobody expected.", ()
        return True


def _context(_logger: Any, _name: str, event: EventDict) -> EventDict:
    if found := _current.get():
        event.setdefault("request_id", found)
    return event


def _extras(_logger: Any, _name: str, event: EventDict) -> EventDict:
    record = event.get("_record")
    told: MutableMapping[str, Any] = getattr(record, "told", {})
    event.update(told)
    return event


def _scrubbed(_logger: Any, _name: str, event: EventDict) -> EventDict:
    event["event"] = scrub(str(event["event"]))
    return event


def _error(_logger: Any, _name: str, event: EventDict) -> EventDict:
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    event.pop("stack_info", None)
    if isinstance(error, BaseException):
        event["error"] = told_error(error)
    return event


def _time(_logger: Any, _name: str, event: EventDict) -> EventDict:
    moment = datetime.fromtimestamp(event["_record"].created, ZONE)
    return {"time": moment.isoformat(timespec="milliseconds"), **event}


def _readable(_logger: Any, _name: str, event: EventDict) -> str:
    error = event.pop("error", [])
    head = f"{event.pop('time')[11:19]} {event.pop('level', '').upper():7} {event.pop('event')}"
    event.pop("logger", None)
    lines = [" ".join([head, *(f"{name}={value}" for name, value in event.items())])]
    for one in error:
        lines += [f"    {place}" for place in one["at"]]
        lines.append("  " + " ".join(f"{value}" for name, value in one.items() if name != "at" and value))
    return "\n".join(lines)


def formatter(form: str) -> logging.Formatter:
    """The formatter for json or lines."""
    last: Processor = _readable if form == "lines" else structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            _extras,
            _context,
            _scrubbed,
            _error,
        ],
        processors=[_time, structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
    )


def configuration(*, level: str, form: str) -> dict[str, Any]:
    """Django's LOGGING: everything to standard error, in one form."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"unpathed": {"()": "nhipcau.core.logs.Unpathed"}},
        "formatters": {"told": {"()": "nhipcau.core.logs.formatter", "form": form}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "told"},
            "nowhere": {"class": "logging.NullHandler"},
        },
        "loggers": {
            "django": {"handlers": [], "propagate": True},  # in place of Django's own handlers, which mail and print
            "django.request": {"filters": ["unpathed"]},
            "django.db.backends": {"level": "WARNING"},  # below that it writes every statement with its values
            **{name: {"handlers": ["nowhere"], "propagate": False} for name in _SILENCED},
        },
        "root": {"handlers": ["stderr"], "level": level},
    }
