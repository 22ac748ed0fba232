"""What the officers declare by hand about an activity, made from the written results: plain rows, nothing is stored here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from nhipcau.core import days
from nhipcau.core.middleware import local_day
from nhipcau.sample import content, dates
from nhipcau.sample.guests import SMALL
from nhipcau.sample.programme import Programme

VERIFIED, PENDING, RETURNED = "verified", "pending", "returned"
#: What a proof of this kind is: a paper, a picture, or nothing but the note.
_PAPERS = {"notice", "dossier", "conference_report", "completed"}
_PICTURES = {"outlets"}
_DAYS_TO_VERIFY = 3
_HOSTS = {
    "print": "bao-in.example",
    "online": "bao-dien-tu.example",
    "tv": "truyen-hinh.example",
    "radio": "phat-thanh.example",
    "foreign": "press-abroad.example",
}


@dataclass(frozen=True)
class Claim:
    """One row to declare."""

    what: str
    kind: str
    number: int
    day: date
    note: str
    quantity: Decimal = Decimal(1)
    dimensions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    link: str = ""
    proof: str = ""
    state: str = VERIFIED
    reason: str = ""

    def source_ref(self, programme: Programme, code: str) -> str:
        """What the ledger calls it; the same on every run."""
        return f"sample.{programme.key}:{code}:{self.what}:{self.number}"


class Claims:
    """The rows of one activity, in the order of the written results."""

    def __init__(self, programme: Programme, code: str) -> None:
        self.programme = programme
        self.code = code
        self.told = programme.results[code]
        self.activity = programme.activities[code]
        self.first, self.last = local_day(self.activity.starts_at), local_day(self.activity.ends_at)
        self.today = local_day(programme.now)
        self.counts: dict[str, int] = {}

    def rows(self) -> list[Claim]:
        """Those whose day has come and lies in the plan."""
        window = self.programme.plan.window()
        return [self._judged(row) for row in self._all() if row.day in window and row.day <= self.today]

    def _judged(self, row: Claim) -> Claim:
        told = next((each for each in self.told.get("not_verified", []) if each["what"] == row.what), None)
        if told is not None:
            first = row.number == 1
            state = told["state"] if told["state"] == PENDING or first else PENDING
            return replace(row, state=state, reason=told["reason"]["vi"] if state == RETURNED else "")
        if (self.code, row.what) == self.programme_returned() and row.number == 1:
            return replace(row, state=RETURNED, reason=content.read("texts")["returned"])
        if row.day > self.today - timedelta(days=_DAYS_TO_VERIFY):
            return replace(row, state=PENDING)
        return row

    def programme_returned(self) -> tuple[str, str] | None:
        """Where none of the past results says so, one row of the latest activity is sent back, so that the inbox lives."""
        programme = self.programme
        if programme.key == "2022":
            return None
        past = [code for code, activity in programme.activities.items() if programme.over(activity)]
        told = [each for code in past for each in programme.results[code].get("not_verified", [])]
        if any(each["state"] == RETURNED for each in told) or not past:
            return None
        for code in reversed(past):
            for what in ("outlets", "survey", "intent"):
                if what in programme.results[code]:
                    return code, what
        return None

    # --- days -----------------------------------------------------------------------------------

    def _after(self, more: int) -> date:
        day = self.last + timedelta(days=more)
        return days.on_or_after(day) if more and self.programme.key == "current" else day

    def _before(self, less: int) -> date:
        day = self.first - timedelta(days=less)
        return days.on_or_before(day) if self.programme.key == "current" else day

    def _told_day(self, text: str) -> date:
        planned = date(content.PLANNED_YEAR, *map(int, text.split("-")))
        return self.programme.timetable.office_day(planned) if self.programme.key == "current" else planned

    # --- rows -----------------------------------------------------------------------------------

    def _claim(self, what: str, kind: str, day: date, note: str, **more: Any) -> Claim:
        self.counts[what] = number = self.counts.get(what, 0) + 1
        proof = "paper" if what in _PAPERS else "picture" if what in _PICTURES and number == 1 else ""
        return Claim(what, kind, number, day, note, proof=proof, **more)

    def _few(self, n: int) -> int:
        return max(1, round(n * SMALL)) if self.programme.small and n else n

    def _all(self) -> Iterator[Claim]:
        told = self.told
        yield from self._papers()
        for outlet, n in told.get("outlets", {}).items():
            yield self._claim(
                "outlets", "press.outlet_attendance", self.last, "Danh sách cơ quan báo chí ký nhận tại bàn đón tiếp.",
                quantity=Decimal(n), dimensions={"outlet_kind": [outlet]},
            )  # fmt: skip
        yield from self._items()
        yield from self._answers()
        yield from self._training()
        for row in told.get("contacts", []):
            yield self._claim(
                "contacts", "contact.made", self._after(row["after"]),
                "Biên bản trao đổi, hai bên đồng ý tiếp tục làm việc.",
                quantity=Decimal(row["n"]), dimensions={"pillar": [row["pillar"]]},
            )  # fmt: skip
        for row in told.get("products", []):
            yield self._product(row, self._after(row["after"]))
        for row in told.get("reach", []):
            yield self._reach(row, self._after(row["after"]))
        for phase in told.get("by_phase", {}).values():
            yield from self._campaign(phase)
        if any(each["what"] == "money" for each in told.get("not_verified", [])):
            money = told["money"]
            yield self._claim(
                "money", "finance.spent", self._after(money["after"]), "Bảng kê tạm tính, chờ kế toán quyết toán.",
                quantity=Decimal(money["spent"]),
            )  # fmt: skip

    def _papers(self) -> Iterator[Claim]:
        told = self.told
        for what, kind, note in (
            ("notice", "press.notice", "Thông báo họp báo đã gửi cơ quan quản lý báo chí, có xác nhận nhận văn bản."),
            ("dossier", "conference.dossier", "Hồ sơ xin phép đã nộp, có phiếu tiếp nhận."),
        ):
            if what in told:
                yield self._claim(
                    what,
                    kind,
                    self._before(told[what]["before"]),
                    note,
                    dimensions={"on_time": [told[what]["on_time"]]},
                )
        if "conference_report" in told:
            row = told["conference_report"]
            yield self._claim(
                "conference_report", "conference.report", self._after(row["after"]),
                "Báo cáo kết quả hội nghị đã gửi cơ quan có thẩm quyền.", dimensions={"on_time": [row["on_time"]]},
            )  # fmt: skip

    def _items(self) -> Iterator[Claim]:
        for row in self.told.get("press_items", []):
            for _one in range(self._few(row["n"])):
                number = self.counts.get("press_items", 0) + 1
                yield self._claim(
                    "press_items", "press.item", self._after(row["after"]), f"Tin, bài số {number} về {self.code}.",
                    dimensions={name: [row[name]] for name in ("outlet_kind", "language", "key_message")},
                    link=f"https://{_HOSTS[row['outlet_kind']]}/mau/{self.activity.slug}/{number}",
                )  # fmt: skip

    def _answers(self) -> Iterator[Claim]:
        told = self.told
        if "survey" in told:
            row = told["survey"]
            for score, n in row["scores"].items():
                for _one in range(self._few(n)):
                    yield self._claim(
                        "survey", "survey.score", self._after(row["after"]), "Phiếu khảo sát cuối chương trình.",
                        quantity=Decimal(score), dimensions={"question": [row["question"]]},
                    )  # fmt: skip
        for what, kind, note in (
            ("intent", "survey.intent", "Phiếu hỏi cuối chương trình: việc cụ thể sẽ làm."),
            ("applied", "training.applied", "Phiếu hỏi học viên sau 03 tháng, có ví dụ kèm theo."),
        ):
            if what in told:
                for answer in ("yes", "no"):
                    for _one in range(self._few(told[what][answer])):
                        yield self._claim(
                            what, kind, self._after(told[what]["after"]), note, dimensions={"answer": [answer]}
                        )

    def _training(self) -> Iterator[Claim]:
        told = self.told
        for audience, n in told.get("completed", {}).get("by_audience", {}).items():
            yield self._claim(
                "completed", "training.completed", self._after(told["completed"]["after"]),
                "Danh sách học viên hoàn thành khóa, có chữ ký từng buổi.",
                quantity=Decimal(n), dimensions={"audience": [audience]},
            )  # fmt: skip
        for score, n in told.get("gain", {}).get("scores", {}).items():
            for _one in range(self._few(n)):
                yield self._claim(
                    "gain", "training.gain", self._after(told["gain"]["after"]),
                    "Chênh lệch điểm kiểm tra cuối khóa và đầu khóa.", quantity=Decimal(score),
                )  # fmt: skip

    def _product(self, row: Mapping[str, Any], day: date) -> Claim:
        number = self.counts.get("products", 0) + 1
        dimensions = {"product": [row["product"]], **({"scheme": [row["scheme"]]} if "scheme" in row else {})}
        return self._claim(
            "products", "promotion.product", day, "Đã phát hành trên kênh của hai Trung tâm.",
            quantity=Decimal(row["n"]), dimensions=dimensions,
            link=f"https://kenh-chung.example/mau/{self.activity.slug}/{number}",
        )  # fmt: skip

    def _reach(self, row: Mapping[str, Any], day: date) -> Claim:
        return self._claim(
            "reach", "promotion.reach", day, "Số đọc từ công cụ thống kê của kênh.",
            quantity=Decimal(row["n"]), dimensions={"channel": [row["channel"]]},
        )  # fmt: skip

    def _reading(self, row: Mapping[str, Any]) -> Claim:
        """The reading at the end of a phase, or what the channel showed last week while the phase runs."""
        day = self._told_day(row["day"])
        running = self.programme.plan.phase_on(self.today)
        if day <= self.today or running is None or day not in self.programme.plan.windows()[running.pk]:
            return self._reach(row, day)
        lately = max(days.on_or_before(self.today - timedelta(days=4)), running.first_day)
        share = (lately - running.first_day).days / (day - running.first_day).days
        return self._reach({**row, "n": round(row["n"] * share * 0.92 / 50) * 50}, lately)

    def _campaign(self, phase: Mapping[str, Any]) -> Iterator[Claim]:
        schemes = content.read("results-2022")["schemes"]
        for row in phase["schemes"]:
            yield self._claim(
                "schemes", "promotion.scheme", self._told_day(row["day"]), f"{schemes[row['scheme']]['vi']}.",
                dimensions={"scheme": [row["scheme"]]},
            )  # fmt: skip
        for row in phase["products"]:
            yield self._product(row, self._told_day(row["day"]))
        for row in phase["reach"]:
            yield self._reading(row)
        money = phase["money"]
        for name, kind in (("estimate", "finance.estimate"), ("spent", "finance.spent")):
            yield self._claim(
                f"money_{name}", kind, self._told_day(money["day"]),
                "Phần của giai đoạn, theo bảng theo dõi kinh phí.", quantity=Decimal(money[name]),
            )  # fmt: skip


def moments(row: Claim, programme: Programme) -> tuple[datetime, datetime]:
    """When it was declared and when the other side looked at it: the afternoon of its day, and the next working day."""
    declared = dates.moment(row.day, 16 if row.number % 2 else 17, row.number * 7 % 60)
    looked = dates.moment(days.next_working_day(row.day), 9 + row.number % 3, row.number * 11 % 60)
    latest = programme.now - timedelta(minutes=5)
    return min(declared, latest), min(looked, latest + timedelta(minutes=4))
