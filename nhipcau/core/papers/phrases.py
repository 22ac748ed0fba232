"""Breaks the name of an office over lines without splitting a word: never HỘI / NGHỊ, never QUỐC / TẾ."""

from collections.abc import Callable, Sequence

# Words of several syllables that stand in the names of public offices; anything else is taken syllable pair by syllable pair.
_WORDS_OF_OFFICES = (
    "HỒ CHÍ MINH|ỦY BAN|NHÂN DÂN|HỘI ĐỒNG|THÀNH PHỐ|TRUNG TÂM|BÁO CHÍ|DỊCH VỤ|ĐỐI NGOẠI|HỘI NGHỊ|HỘI THẢO|QUỐC TẾ|"
    "NGOẠI VỤ|NGOẠI GIAO|THÔNG TIN|TRUYỀN THÔNG|VĂN HÓA|THỂ THAO|DU LỊCH|KẾ HOẠCH|ĐẦU TƯ|TÀI CHÍNH|CÔNG THƯƠNG|CÔNG NGHỆ|"
    "KHOA HỌC|GIÁO DỤC|ĐÀO TẠO|NỘI VỤ|TƯ PHÁP|Y TẾ|XÂY DỰNG|GIAO THÔNG|CÔNG CHÁNH|NÔNG NGHIỆP|MÔI TRƯỜNG|PHÁT TRIỂN|NÔNG THÔN|"
    "HỢP TÁC|HỮU NGHỊ|LIÊN HIỆP|TỔ CHỨC|VĂN PHÒNG|THƯƠNG MẠI|XÚC TIẾN|DOANH NGHIỆP|HIỆP HỘI|NGHIÊN CỨU|ĐẠI HỌC|HỌC VIỆN|"
    "CÁN BỘ|BẢN GHI NHỚ|KẾT QUẢ|THỰC HIỆN|GIAI ĐOẠN|MỤC TIÊU|HỌP BÁO|TÁC NGHIỆP|PHÓNG VIÊN|PHỐI HỢP|"
    "BỒI DƯỠNG|VIỆT NAM|HÀ NỘI|ĐÀ NẴNG|CẦN THƠ|SÀI GÒN|CÔNG TÁC|TỔNG HỢP|CHÍNH TRỊ|XÃ HỘI|KINH TẾ"
)
_WORDS = {tuple(word.split()) for word in _WORDS_OF_OFFICES.split("|")}
_LONGEST = max(len(word) for word in _WORDS)
# These lead what follows them, so a line may begin with one but not end with one.
_LEADERS = {
    "VÀ",
    "CỦA",
    "VỀ",
    "-",
    "–",
    "TẠI",
    "SỞ",
    "BỘ",
    "GIỮA",
    "NĂM",
    "NGÀY",
    "THÁNG",
    "GIAI ĐOẠN",
    "SỐ",
}


def groups(name: str) -> list[str]:
    """The pieces of a name between which a line may be broken."""
    syllables = name.split()
    found: list[str] = []
    at = 0
    while at < len(syllables):
        for length in range(_LONGEST, 1, -1):
            piece = tuple(s.upper().strip(",") for s in syllables[at : at + length])
            if piece in _WORDS:
                break
        else:
            length = 1 if at + 1 == len(syllables) or _begins_word(syllables, at + 1) else 2
            if syllables[at].upper() in _LEADERS:
                length = 1
        found.append(" ".join(syllables[at : at + length]))
        at += length
    return _led(found)


def _begins_word(syllables: Sequence[str], at: int) -> bool:
    upper = [s.upper().strip(",") for s in syllables[at : at + _LONGEST]]
    return upper[0] in _LEADERS or any(tuple(upper[:length]) in _WORDS for length in range(2, len(upper) + 1))


def _led(pieces: Sequence[str]) -> list[str]:
    """Join each leading word to the piece after it."""
    joined: list[str] = []
    carry = ""
    for piece in pieces:
        text = f"{carry} {piece}".strip()
        if piece.upper() in _LEADERS:
            carry = text
        else:
            joined.append(text)
            carry = ""
    return [*joined, carry] if carry else joined


def wrap(name: str, room: float, measure: Callable[[str], float]) -> list[str]:
    """The fewest lines that fit `room`, as even as may be; a line break in the name itself is kept."""
    return [line for part in name.split("\n") for line in _wrap_part(part, room, measure)]


def _wrap_part(name: str, room: float, measure: Callable[[str], float]) -> list[str]:
    pieces = groups(name)
    for count in range(1, len(pieces) + 1):
        candidates = [lines for lines in _splits(pieces, count) if all(measure(line) <= room for line in lines)]
        if candidates:
            return min(
                candidates,
                key=lambda lines: _unevenness([measure(line) for line in lines]),
            )
    return pieces


def _unevenness(lengths: Sequence[float]) -> tuple[int, float]:
    """First how many lines are shorter than both neighbours, then how long the longest is."""
    valleys = sum(lengths[i] < min(lengths[i - 1], lengths[i + 1]) for i in range(1, len(lengths) - 1))
    return valleys, max(lengths)


def even(text: str, room: float, measure: Callable[[str], float]) -> list[str]:
    """A longer text in as few lines as fit `room`, each as short as that number allows; its own line breaks are kept."""
    found: list[str] = []
    for part in text.split("\n"):
        pieces = groups(part)
        lines = _filled(pieces, room, measure)
        tighter = lines
        while len(tighter) == len(lines) > 1:
            lines = tighter
            room = max(map(measure, lines)) - 0.1
            tighter = _filled(pieces, room, measure)
        found += lines
    return found


def _filled(pieces: Sequence[str], room: float, measure: Callable[[str], float]) -> list[str]:
    lines: list[str] = []
    for piece in pieces:
        longer = f"{lines[-1]} {piece}" if lines else piece
        if lines and measure(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(piece)
    return lines


def _splits(pieces: Sequence[str], count: int) -> list[list[str]]:
    if count == 1:
        return [[" ".join(pieces)]]
    return [
        [" ".join(pieces[:cut]), *rest]
        for cut in range(1, len(pieces) - count + 2)
        for rest in _splits(pieces[cut:], count - 1)
    ]
