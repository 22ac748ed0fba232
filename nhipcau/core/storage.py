"""Files in an S3 bucket that stays private: every address of a file is one of ours."""

from typing import Any

from django.conf import settings
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage


class PrivateBucket(S3Storage):
    """Like the folder on this machine: `url` names the view that hands a file out, never the bucket."""

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """The address under MEDIA_URL."""
        return f"{settings.MEDIA_URL}{filepath_to_uri(name)}"
