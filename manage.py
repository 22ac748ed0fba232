#!/usr/bin/env python
"""Django's command line for Nhịp Cầu."""

import sys


def main() -> None:
    """Run the command named on the command line."""
    from nhipcau.config.start import with_sound_settings

    with_sound_settings()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
