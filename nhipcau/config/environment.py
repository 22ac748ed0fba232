"""Whether the environment makes sense, told before anything starts: which variable, what is wrong with it, an example."""

import difflib
import ipaddress
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ImproperlyConfigured

HERE = Path(__file__).parent
# Read by scripts, benches and tests, not by the settings.
OF_SCRIPTS = {
    "NHIPCAU_PO",
    "NHIPCAU_PICTURES",
    "NHIPCAU_BENCH_POSTGRESQL",
    "NHIPCAU_CRASH_STEPS",
    "NHIPCAU_CRASH_SEED",
}
YES = {"true", "on", "ok", "y", "yes", "1"}
YES_NO = YES | {"false", "off", "n", "no", "0", ""}
LOCAL = {"localhost", "127.0.0.1", "[::1]"}
MAIL_SCHEMES = ("smtp", "smtp+tls", "smtps", "smtp+ssl", "consolemail", "filemail", "memorymail", "dummymail")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def must_make_sense(values: Mapping[str, str]) -> None:
    """Raises ImproperlyConfigured with one sentence a line for everything that is wrong."""
    wrong = list(_wrong(values))
    if wrong:
        raise ImproperlyConfigured("\n".join(wrong))


def _wrong(values: Mapping[str, str]) -> Iterator[str]:
    for question in (
        _names,
        _numbers,
        _switches,
        _folder,
        _database,
        _address,
        _mail,
        _cache,
        _hub,
        _bucket,
        _logs,
        _watchers,
    ):
        yield from question(values)


def known_names() -> set[str]:
    """Every NHIPCAU_ name the settings read; looked up in their text, so that there is no second list to keep."""
    text = "".join(path.read_text(encoding="utf-8") for path in HERE.glob("*.py") if path.name != "environment.py")
    return set(re.findall(r"\bNHIPCAU_[A-Z0-9_]+", text)) | OF_SCRIPTS


def _names(values: Mapping[str, str]) -> Iterator[str]:
    known = known_names()
    for name in sorted(values):
        if name.startswith("NHIPCAU_") and name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
            yield f"{name} is no setting" + (f"; did you mean {near[0]}?" if near else ".")


def _numbers(values: Mapping[str, str]) -> Iterator[str]:
    port = values.get("PORT", "8000")
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        yield f"PORT must be a number from 1 to 65535, not {port!r}. Example: PORT=8000"
    for name, example in (("NHIPCAU_PAGE_SECONDS", 10), ("NHIPCAU_PROXIES", 1)):
        value = values.get(name, "0")
        if not (value.isascii() and value.isdigit()):
            yield f"{name} must be a whole number, not {value!r}. Example: {name}={example}"
    for name in ("NHIPCAU_LOCK_SECONDS", "NHIPCAU_STATEMENT_SECONDS", "NHIPCAU_REPLICA_SECONDS"):
        if not re.fullmatch(r"\d+(\.\d+)?", values.get(name, "0")):
            yield f"{name} must be a number of seconds, not {values[name]!r}. Example: {name}=20"
    keep = values.get("NHIPCAU_BACKUP_KEEP", "7,4,12").split(",")
    if len(keep) != 3 or not all(part.strip().isdigit() for part in keep):
        yield "NHIPCAU_BACKUP_KEEP must be three whole numbers: days, weeks, months. Example: NHIPCAU_BACKUP_KEEP=7,4,12"


def _switches(values: Mapping[str, str]) -> Iterator[str]:
    debug = values.get("NHIPCAU_DEBUG", "")
    if debug.lower() not in YES_NO:
        yield f"NHIPCAU_DEBUG must be yes or no, not {debug!r}. Example: NHIPCAU_DEBUG=no"
    elif debug.lower() in YES and _is_public(values):
        yield (
            "NHIPCAU_DEBUG shows every visitor the inside of the program and does not go with an https:// address. "
            "Example: NHIPCAU_DEBUG=no"
        )


def _folder(values: Mapping[str, str]) -> Iterator[str]:
    for name, example in (("NHIPCAU_DATA", "/var/lib/nhipcau"), ("NHIPCAU_BACKUPS", "/var/backups/nhipcau")):
        if not values.get(name):
            continue
        folder = Path(values[name]).resolve()
        there = next(path for path in (folder, *folder.parents) if path.exists())
        # Archives that a timer makes are looked at, no more.
        looks_only = name == "NHIPCAU_BACKUPS" and values.get("NHIPCAU_BACKUPS_BY") == "timer"
        if not there.is_dir() or not os.access(there, os.R_OK | os.X_OK | (0 if looks_only else os.W_OK)):
            wanted = "read" if looks_only else "read and written"
            yield f"{name}: {folder} cannot be {wanted} by this user. Example: {name}={example}"
    if values.get("NHIPCAU_ERASURES"):
        path = Path(values["NHIPCAU_ERASURES"]).resolve()
        there = next(one for one in (path, *path.parents) if one.exists())
        # A file that is there, or a folder it can be made in.
        if there.is_dir() == (there == path) or not os.access(there, os.R_OK | os.W_OK):
            yield (
                f"NHIPCAU_ERASURES: {path} is no file this user can read and write. "
                "Example: NHIPCAU_ERASURES=/var/backups/nhipcau/erasures"
            )
    by = values.get("NHIPCAU_BACKUPS_BY", "worker")
    if by not in {"worker", "timer"}:
        yield f"NHIPCAU_BACKUPS_BY must be worker or timer, not {by!r}. Example: NHIPCAU_BACKUPS_BY=timer"
    elif by == "timer" and not values.get("NHIPCAU_BACKUPS"):
        yield (
            "NHIPCAU_BACKUPS_BY=timer without NHIPCAU_BACKUPS: nobody sees how old the backups are. "
            "Example: NHIPCAU_BACKUPS=/var/backups/nhipcau"
        )


def _database(values: Mapping[str, str]) -> Iterator[str]:
    for name in ("DATABASE_URL", "NHIPCAU_REPLICA_URL"):
        url = values.get(name, "")
        if not url:
            continue
        parts = _split(url)
        example = f"Example: {name}=postgresql://user:password@host:5432/name"
        if parts is None or parts.scheme not in {"sqlite", "postgres", "postgresql", "psql", "pgsql"}:
            yield f"{name} must name SQLite or PostgreSQL and begin with sqlite:// or postgresql://. {example}"
        elif not parts.path.strip("/"):
            yield f"{name} names no database. {example}"


def _address(values: Mapping[str, str]) -> Iterator[str]:
    url = values.get("NHIPCAU_BASE_URL", "")
    if not url:
        away = [host.strip() for host in values.get("NHIPCAU_HOSTS", "").split(",") if host.strip() not in LOCAL | {""}]
        if away:
            yield (
                f"NHIPCAU_HOSTS names {away[0]} but NHIPCAU_BASE_URL is not set: links in mails would lead to localhost. "
                f"Example: NHIPCAU_BASE_URL=https://{away[0] if away[0][0] not in '.*' else 'nhipcau.example.vn'}"
            )
        return
    parts, example = _split(url), "Example: NHIPCAU_BASE_URL=https://nhipcau.example.vn"
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        yield f"NHIPCAU_BASE_URL must begin with https:// (or http://) and name a host, unlike {url!r}. {example}"
    elif parts.path or parts.query or parts.fragment or parts.username:
        yield f"NHIPCAU_BASE_URL is a host and nothing behind it, not even a slash, unlike {url!r}. {example}"
    else:
        hosts = [host.strip() for host in values.get("NHIPCAU_HOSTS", "localhost,127.0.0.1,[::1]").split(",")]
        if "*" not in hosts and not any(_answers(host, parts.hostname) for host in hosts):
            yield (
                f"NHIPCAU_HOSTS lacks {parts.hostname}, the host of NHIPCAU_BASE_URL: every visitor would be refused. "
                f"Example: NHIPCAU_HOSTS={parts.hostname}"
            )
        if parts.scheme == "https" and not values.get("NHIPCAU_PROXIES"):
            yield (
                "NHIPCAU_PROXIES is not set, but NHIPCAU_BASE_URL begins with https://: behind a proxy everybody would "
                "count as one visitor. Example: NHIPCAU_PROXIES=1 (0 where no proxy stands in front)"
            )


def _answers(host: str, name: str) -> bool:
    return host.strip("[]").lower() == name or (host.startswith(".") and f".{name}".endswith(host.lower()))


def _mail(values: Mapping[str, str]) -> Iterator[str]:
    url = values.get("EMAIL_URL", "")
    if url:
        parts, example = _split(url), "Example: EMAIL_URL=smtp+tls://user:password@mail.example.vn:587"
        if parts is None or parts.scheme not in MAIL_SCHEMES:
            yield f"EMAIL_URL must begin with {', '.join(f'{one}://' for one in MAIL_SCHEMES[:4])}. {example}"
        elif parts.scheme.startswith("smtp"):
            if not parts.hostname:
                yield f"EMAIL_URL names no mail server. {example}"
            elif bool(parts.username) != bool(parts.password):
                yield f"EMAIL_URL has a user without a password or a password without a user. {example}"
            elif parts.scheme == "smtp+tls" and parts.port == 465:
                yield "EMAIL_URL: port 465 speaks TLS from the first byte; write smtp+ssl:// for it, smtp+tls:// for 587."
    sender = values.get("NHIPCAU_MAIL_FROM", "")
    if sender and not re.fullmatch(r"(?:[^<>@]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)", sender):
        yield "NHIPCAU_MAIL_FROM is no sender. Example: NHIPCAU_MAIL_FROM=Nhịp Cầu <khong-tra-loi@example.vn>"
    if url.startswith("smtp") and not sender and _is_public(values):
        yield (
            "EMAIL_URL sends mail but NHIPCAU_MAIL_FROM is not set: mail from localhost is refused everywhere. "
            "Example: NHIPCAU_MAIL_FROM=Nhịp Cầu <khong-tra-loi@example.vn>"
        )


def _is_public(values: Mapping[str, str]) -> bool:
    return values.get("NHIPCAU_BASE_URL", "").startswith("https://")


def _cache(values: Mapping[str, str]) -> Iterator[str]:
    url = values.get("NHIPCAU_CACHE_URL", "")
    parts = _split(url)
    if url and (parts is None or parts.scheme not in {"redis", "rediss", "unix"} or not (parts.hostname or parts.path)):
        yield "NHIPCAU_CACHE_URL must name a Redis or Valkey server. Example: NHIPCAU_CACHE_URL=redis://127.0.0.1:6379/0"


def _hub(values: Mapping[str, str]) -> Iterator[str]:
    url = values.get("NHIPCAU_WEBSUB_HUB", "")
    parts = _split(url)
    if url and (parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or parts.username):
        yield "NHIPCAU_WEBSUB_HUB must be the web address of a hub. Example: NHIPCAU_WEBSUB_HUB=https://hub.example.vn/"


def _bucket(values: Mapping[str, str]) -> Iterator[str]:
    if bool(values.get("NHIPCAU_S3_KEY")) != bool(values.get("NHIPCAU_S3_SECRET")):
        yield "NHIPCAU_S3_KEY and NHIPCAU_S3_SECRET go together: give both, or neither where the machine itself is known."
    if values.get("NHIPCAU_S3_KEY") and not values.get("NHIPCAU_S3_BUCKET"):
        yield "NHIPCAU_S3_KEY is given without a bucket. Example: NHIPCAU_S3_BUCKET=nhipcau"


def _logs(values: Mapping[str, str]) -> Iterator[str]:
    level, form = values.get("NHIPCAU_LOG_LEVEL", "INFO"), values.get("NHIPCAU_LOG_FORM", "json")
    if level.upper() not in LEVELS:
        yield f"NHIPCAU_LOG_LEVEL must be one of {', '.join(LEVELS)}, not {level!r}. Example: NHIPCAU_LOG_LEVEL=INFO"
    if form not in {"json", "lines"}:
        yield f"NHIPCAU_LOG_FORM must be json or lines, not {form!r}. Example: NHIPCAU_LOG_FORM=json"


def _watchers(values: Mapping[str, str]) -> Iterator[str]:
    token = values.get("NHIPCAU_MONITOR_TOKEN", "")
    if token and len(token) < 20:
        yield "NHIPCAU_MONITOR_TOKEN needs at least 20 characters. Example: the output of openssl rand -hex 24"
    for one in filter(None, map(str.strip, values.get("NHIPCAU_MONITOR_ADDRESSES", "").split(","))):
        try:
            ipaddress.ip_network(one)
        except ValueError:
            yield (
                f"NHIPCAU_MONITOR_ADDRESSES: {one!r} is no address or network. "
                "Example: NHIPCAU_MONITOR_ADDRESSES=127.0.0.0/8,10.0.0.5"
            )


def _split(url: str) -> SplitResult | None:
    """The parts of an address; None where there are none or the port is no number."""
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        return None
    return parts
