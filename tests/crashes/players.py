"""Guests and receptionists at work over HTTP: whoever gets no answer sends the same form again."""

import http.client
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

CODE = re.compile(r"\b[2-9A-HJ-NP-TW-Z]{3}-[2-9A-HJ-NP-TW-Z]{3}\b")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PATIENCE = 300.0


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str
    location: str = ""
    retry_after: str = ""


@dataclass
class Visitor:
    """A browser without a screen: keeps cookies, follows nothing."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    unanswered: int = 0

    def ask(self, method: str, path: str, body: str = "", kind: str = "", **headers: str) -> Answer:
        """One request.

        Raises OSError or HTTPException when no whole answer came.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), **headers}
            if kind:
                sent["Content-Type"] = kind
            connection.request(method, path, body or None, sent)
            came = connection.getresponse()
            text = came.read().decode("utf-8", "replace")
            for line in came.headers.get_all("Set-Cookie") or []:
                name, _, value = line.split(";", 1)[0].partition("=")
                self.cookies[name] = value
            return Answer(came.status, text, came.headers.get("Location", ""), came.headers.get("Retry-After", ""))
        finally:
            connection.close()

    def form(self, path: str) -> str:
        """Open a page with a form; the token its forms are sent with."""
        found = TOKEN.search(self.patiently("GET", path).text)
        assert found, f"no form at {path}"
        return found[1]

    def send(self, path: str, **fields: str) -> Answer:
        """Send a form once."""
        kept = fields | {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}
        return self.ask("POST", path, urlencode(kept), "application/x-www-form-urlencoded")

    def patiently(self, method: str, path: str, body: str = "", kind: str = "", **headers: str) -> Answer:
        """Until an answer comes that is no bad day's: the very same request again and again.

        Raises TimeoutError.
        """
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                answer = self.ask(method, path, body, kind, **headers)
            except (OSError, http.client.HTTPException):
                self.unanswered += 1
            else:
                if answer.status < 500:
                    return answer
                assert answer.status in (502, 503), f"{answer.status} at {path}: {answer.text[:500]}"
                self.unanswered += 1
            time.sleep(0.2)
        raise TimeoutError(f"{method} {path}")

    def send_patiently(self, path: str, **fields: str) -> Answer:
        """The same form until it is answered."""
        kept = fields | {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}
        return self.patiently("POST", path, urlencode(kept), "application/x-www-form-urlencoded")


@dataclass
class Guest:
    """What one guest was promised, for the books."""

    number: int
    code: str = ""
    ticket: str = ""
    arrived: bool = False
    gone: bool = False
    undone: int = 0

    @property
    def phone(self) -> str:
        """Everybody has an own number."""
        return f"09{self.number:08}"

    @property
    def email(self) -> str:
        """And an own address."""
        return f"khach{self.number}@example.vn"


@dataclass
class Play:
    """One story: register, show the code, come in; some come in twice, some give the seat up."""

    port: int
    told: dict[str, Any]
    steps: int = 0

    def live(self, guest: Guest) -> int:
        """Play a guest's whole part; how many requests got no answer on the way."""
        visitor = Visitor(self.port)
        desk = Visitor(self.port, {"sessionid": self.told["reception"]})
        self.register(visitor, guest)
        if guest.number % 9 == 0:
            self.give_up(visitor, guest)
        else:
            self.come_in(desk, guest)
            if guest.number % 5 == 0:
                self.undo(desk, guest)
                self.come_in(desk, guest)
        return visitor.unanswered + desk.unanswered

    def register(self, visitor: Visitor, guest: Guest) -> None:
        """Send the form until it is answered with a code, which counts as promised once it is shown."""
        path = f"/dang-ky/{self.told['slug']}/"
        visitor.form(path)
        answer = visitor.send_patiently(
            path,
            name=f"Khách Số {guest.number}",
            phone=guest.phone,
            email=guest.email,
            audience=str(self.told["audience"]),
            consent="on",
        )
        assert answer.status == 302, re.sub(r"\s+", " ", answer.text)[-3000:]
        guest.ticket = answer.location
        found = CODE.search(visitor.patiently("GET", guest.ticket).text)
        assert found, "the page of the code shows none"
        guest.code = found[0]
        self.steps += 1

    def _desk(self) -> str:
        return f"/ban/hoat-dong/{self.told['activity']}/don-tiep/"

    def come_in(self, desk: Visitor, guest: Guest) -> None:
        """By the desk's form or, every third guest, by the list a machine kept while the network was away."""
        desk.form(self._desk())
        if guest.number % 3:
            answer = desk.send_patiently(self._desk(), action="admit", code=guest.code)
            assert answer.status == 302, answer.text[-2000:]
        else:
            scans = [{"id": guest.code, "code": guest.code, "device": "Cửa A"}]
            answer = desk.patiently(
                "POST", f"{self._desk()}gui/", json.dumps(scans), "application/json",
                **{"X-CSRFToken": desk.cookies["csrftoken"]},
            )  # fmt: skip
            assert answer.status == 200, answer.text[-2000:]
            assert json.loads(answer.text)["answers"][0]["state"] in ("first", "again"), answer.text
        guest.arrived = True
        self.steps += 1

    def undo(self, desk: Visitor, guest: Guest) -> None:
        """Take the arrival back."""
        again = desk.send_patiently(self._desk(), action="admit", code=guest.code)
        shown = parse_qs(urlsplit(again.location).query)["khach"][0]
        answer = desk.send_patiently(self._desk(), action="undo", guest=shown)
        assert answer.status == 302, answer.text[-2000:]
        guest.arrived, guest.undone = False, guest.undone + 1

    def give_up(self, visitor: Visitor, guest: Guest) -> None:
        """Give the seat up; asked again after no answer, the page says that it was cancelled before."""
        path = f"{guest.ticket}huy/"
        visitor.form(path)
        answer = visitor.send_patiently(path)
        assert answer.status in (302, 422), answer.text[-2000:]
        guest.gone = True
        self.steps += 1
