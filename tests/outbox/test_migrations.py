"""What mails from before tell of the record they are about: read out of their causes, once."""

from importlib import import_module

import pytest

about = import_module("nhipcau.outbox.migrations.0005_record_a_mail_is_about").about


@pytest.mark.parametrize(
    ("cause", "record"),
    [
        ("ticket:7", "attendance.registration:7"),
        ("ticket:7:1764200000", "attendance.registration:7"),
        ("waiting:7:1764200000", "attendance.registration:7"),
        ("cancelled:7", "attendance.registration:7"),
        ("moved:31:1764200000:7", "attendance.registration:7"),
        ("called-off:31:1764200000:7", "attendance.registration:7"),
        ("restored:31:1764200000:7", "attendance.registration:7"),
        ("data-request:4:accepted", "privacy.request:4"),
        ("data-link:4", "privacy.access:4"),
        ("enquiry:4:9", "newsroom.enquiry:4"),
        ("account-link:4", ""),
        ("own-change:4:password:1764200000.000000", ""),
    ],
)
def test_cause_tells_the_record(cause: str, record: str) -> None:
    assert about(cause) == record
