"""Numbers that no column can hold are among none of its rows, as Django already has it for a single number."""

from typing import Any, Final

from django.db.models import IntegerField
from django.db.models.lookups import In

LOW: Final = -(2**63)
HIGH: Final = 2**63 - 1


@IntegerField.register_lookup
class IntegerIn(In):
    """`in`, over what a form was sent: a choice with four hundred digits is no choice, not an error of the database."""

    def get_prep_lookup(self) -> Any:
        """The values that may be asked for."""
        values = super().get_prep_lookup()
        if not isinstance(values, list):  # another query
            return values
        return [value for value in values if not isinstance(value, int) or LOW <= value <= HIGH]
