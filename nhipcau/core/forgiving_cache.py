"""A shared cache on another machine that may be away: pages go on without it, and the health page says so."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

T = TypeVar("T")
log = logging.getLogger(__name__)


def _unless_away(ask: Callable[..., T], instead: T, *given: Any, **named: Any) -> T:
    """What the cache answers, or what an empty one would while it is away."""
    try:
        return ask(*given, **named)
    except (RedisError, OSError) as error:
        log.error("The shared cache does not answer: %s", type(error).__name__)  # noqa: TRY400 (one line is enough)
        return instead


class ForgivingRedisCache(RedisCache):
    """While it is away it is empty and keeps nothing: attempts are not counted, and nobody is shut out."""

    def add(self, *given: Any, **named: Any) -> bool:
        """Keep it unless something is kept there."""
        return _unless_away(super().add, True, *given, **named)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """What is kept, else the default."""
        return _unless_away(super().get, default, key, default, version)

    def set(self, *given: Any, **named: Any) -> None:
        """Keep it."""
        _unless_away(super().set, None, *given, **named)

    def touch(self, *given: Any, **named: Any) -> bool:
        """Keep it for longer."""
        return _unless_away(super().touch, False, *given, **named)

    def delete(self, *given: Any, **named: Any) -> bool:
        """Forget it."""
        return _unless_away(super().delete, False, *given, **named)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Count; the first of its kind while nothing is counted."""
        return _unless_away(super().incr, delta, key, delta, version)
