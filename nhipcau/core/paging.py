"""Pages of long lists."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


class CappedPaginator(Paginator[M]):
    """Counts no further than there is sense in paging, so that a list costs the same however long it is."""

    most = 10_000

    @cached_property
    def found(self) -> int:
        """How many there are, one more than the cap where there are more."""
        rows: Any = self.object_list
        return int(rows.order_by()[: self.most + 1].count())

    @cached_property
    def count(self) -> int:
        """How many can be paged through."""
        return min(self.found, self.most)

    @property
    def capped(self) -> bool:
        """Whether there are more than can be paged through."""
        return self.found > self.most


class KeyedPaginator(Paginator[M]):
    """Skips over keys alone and reads whole rows, with what `shown` puts beside them, only for the page looked at.

    A deep page costs what skipping costs in the list's own index; one statement, as before. `rows` is in order; it may be
    a short list beside a long one, with the same keys and the columns of the order by the same names: `of` is the long one.
    """

    def __init__(
        self, rows: QuerySet[Any], per_page: int, *, shown: Callable[[Any], QuerySet[M]], of: type[M] | None = None
    ) -> None:
        super().__init__(rows, per_page)
        self.rows, self.shown, self.of = rows, shown, of or rows.model

    def _get_page(self, _object_list: Any, number: int, paginator: Any) -> Page[M]:
        """The page's rows in the order of the list."""
        first = (int(number) - 1) * self.per_page
        keys = self.rows.all()[first : first + self.per_page].values("pk")
        found = self.of._default_manager.filter(pk__in=keys)  # noqa: SLF001 (documented API of Django)
        return Page(self.shown(found).order_by(*self.rows.query.order_by), number, paginator)
