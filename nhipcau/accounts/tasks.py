"""What happens to accounts without anybody asking."""

from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet, InvalidToken
from django.contrib.sessions.models import Session
from django.db import transaction
from django_tasks import task

from nhipcau.accounts.adapter import boxes, newest_box
from nhipcau.core import middleware
from nhipcau.core.schedule import every

OPENING = timedelta(hours=1)  # a device whose session is only being stored is left alone


@every("20 3 * * *")
@task()
def sweep_sessions() -> int:
    """Forget sessions that ran out, and the devices whose session is gone; how many rows went."""
    at = middleware.clock()
    gone: int = Session.objects.filter(expire_date__lt=at).delete()[0]
    alone = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    gone += alone.filter(last_seen_at__lt=at - OPENING).delete()[0]
    return gone


@every("40 2 * * *")
@task()
def reseal_factors() -> int:
    """Seal second factors anew where an older signing key sealed them, long before that key goes; how many."""
    newest, done = newest_box(), 0
    for pk in list(Authenticator.objects.exclude(type="webauthn").values_list("pk", flat=True)):
        with transaction.atomic():  # a recovery code may be used just now
            factor = Authenticator.objects.select_for_update().get(pk=pk)
            data = {name: _resealed(value, newest) for name, value in factor.data.items()}
            if data != factor.data:
                Authenticator.objects.filter(pk=pk).update(data=data)
                done += 1
    return done


def _resealed(value: Any, newest: Fernet) -> Any:
    """A sealed text under the newest key; anything else, and what no key opens, as it is."""
    if isinstance(value, list):
        return [_resealed(one, newest) for one in value]
    if not isinstance(value, str):
        return value
    try:
        newest.decrypt(value.encode())
    except InvalidToken:
        try:
            return boxes().rotate(value.encode()).decode()
        except InvalidToken:
            return value
    return value
