"""Sets the stage in a house's own database: one activity of today, open for registration, and its desk.

Run as `python -m tests.crashes.stage`; prints as JSON what the players need.
"""

import json
import os
from datetime import timedelta


def main() -> None:
    """Make the rows; the clock is the machine's, for the processes go by it."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nhipcau.config.settings")
    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from nhipcau.core.middleware import clock
    from tests import makers

    now = clock()
    plan = makers.make_plan(makers.make_agreement(), year=now.year)
    for kind in ("attendance.checkin", "attendance.signed_list"):
        makers.make_evidence_kind(kind)
    activity = makers.make_activity(
        plan,
        audiences=["youth"],
        topics=["startup"],
        starts_at=now - timedelta(minutes=5),
        ends_at=now + timedelta(hours=6),
    )
    makers.make_intake(activity, capacity=100_000, closes_at=activity.ends_at)
    sessions = {}
    for name, role in (("reception", "reception"), ("officer", "officer")):
        user = makers.make_user(name, ("hmc", role))
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        sessions[name] = session.session_key
    print(  # noqa: T201 (this is its answer)
        json.dumps(
            {
                "slug": activity.slug,
                "activity": activity.pk,
                "audience": activity.audiences.get().pk,
                **sessions,
            }
        )
    )


if __name__ == "__main__":
    main()
