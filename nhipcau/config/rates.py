"""The rates of the setting RATE_LIMITS, as an operator may change them."""

from django.core.exceptions import ImproperlyConfigured

from nhipcau.core.limits import rate


def merged(standard: dict[str, str], written: str) -> dict[str, str]:
    """The standard rates with those of NHIPCAU_RATE_LIMITS in their place: "registration=5000/10m, search=60/m".

    Raises ImproperlyConfigured with a sentence for a name that is not known or what is no rate.
    """
    own: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in written.split(","))):
        name, _sign, value = (word.strip() for word in part.partition("="))
        if name not in standard:
            raise ImproperlyConfigured(f"NHIPCAU_RATE_LIMITS names {name!r}; known are {', '.join(sorted(standard))}.")
        try:
            rate(value)
        except ValueError as error:
            raise ImproperlyConfigured(
                f"NHIPCAU_RATE_LIMITS: write {name}=600/10m (how often / in how long), not {part!r}."
            ) from error
        own[name] = value
    return standard | own
