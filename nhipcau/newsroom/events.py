"""What this room announces; rooms above act on it in the same transaction."""

from dataclasses import dataclass
from datetime import datetime

from nhipcau.newsroom.models import Article


@dataclass(frozen=True)
class NewsChanged:
    """An article went live, was changed or is taken off the site; readers may see it from its embargo on."""

    article: Article
    at: datetime
