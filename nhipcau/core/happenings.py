"""The one way up: a lower room announces what happened, rooms above it act in the same transaction."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

H = TypeVar("H")

_listeners: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


def on(kind: type[H]) -> Callable[[Callable[[H], None]], Callable[[H], None]]:
    """Register a function for a kind of happening; used in a room's `happenings.py`."""

    def register(listener: Callable[[H], None]) -> Callable[[H], None]:
        if listener not in _listeners[kind]:
            _listeners[kind].append(listener)
        return listener

    return register


def announce(happening: object) -> None:
    """Call every listener now; what one of them raises rolls the whole transaction back."""
    for listener in _listeners[type(happening)]:
        listener(happening)


def listeners() -> dict[type[Any], list[Callable[[Any], None]]]:
    """Who listens to what, for the page that documents it."""
    return dict(_listeners)
