"""Who did what: an append-only log of every change, written in the transaction of the change itself.

For the next person:

* **A service that writes carries `@journal.verb(…)`** instead of `@transaction.atomic` (it opens the transaction):
  `of="activity"` names the keyword whose row changes, `result=True` says that the returned row is new, both together
  that a new row took an old one's place; `parts=("speakers",)` has relations told too. `by`, `at` and `reason` are taken
  from the keywords. A service that rewrites a form whole adds `unless_same=True`.
* **Or `@journal.exempt("why")`**: it only calls services that keep the journal; or its rows are append-only and carry who and
  when, and `writes=("evidence_",)` says which tables they stand in. A test walks every public function of every `services` module that takes `by` or `at`.
* **Acts within acts**: what a service causes by calling others, or through `happenings`, is written as part of it.
* **A thing** is described in the room's `story.py`: `journal.declare(journal.Thing(Activity, under="self",
  whole="plan.agreement"))`. Without that it is told with all its editable columns.
* **Nothing personal**: a model names in `personal_fields` what erasure empties; of such a column only the fact of a change
  is kept. Rows whose `str()` would give a person's name say in `Thing.called` what they are called instead. So erasure
  never has to touch the journal.
* **How it reads**: `tell({"activities.move_activity": _("%(who)s moved …")})` gives each act its sentence; a test fails on one
  without. `linked` says what hangs on a thing, so that a story finds it; `tally` adds what rows tell that carry who and
  when by themselves (arrivals in the ledger).
* **What is no service** (Wagtail's forms) calls `journal.look` before, `journal.note` after, in one transaction.
"""

from nhipcau.core.journal.reading import Line, Phrase, Shown, lines, phrases, tell
from nhipcau.core.journal.stories import (
    Keys,
    address_of,
    entries_of,
    everything,
    hidden_kinds,
    linked,
    of_thing,
    read_at,
    read_by,
    reader_of,
    tallies,
    tally,
)
from nhipcau.core.journal.things import (
    PERSONAL,
    Part,
    Said,
    Seen,
    Thing,
    belongs,
    declare,
    in_words,
    kinds,
    look,
    thing_of,
    thing_of_kind,
)
from nhipcau.core.journal.writing import Verb, act_for, acting_for, exempt, note, verb, verbs, watched

__all__ = [
    "PERSONAL",
    "Keys",
    "Line",
    "Part",
    "Phrase",
    "Said",
    "Seen",
    "Shown",
    "Thing",
    "Verb",
    "act_for",
    "acting_for",
    "address_of",
    "belongs",
    "declare",
    "entries_of",
    "everything",
    "exempt",
    "hidden_kinds",
    "in_words",
    "kinds",
    "lines",
    "linked",
    "look",
    "note",
    "of_thing",
    "phrases",
    "read_at",
    "read_by",
    "reader_of",
    "tallies",
    "tally",
    "tell",
    "thing_of",
    "thing_of_kind",
    "verb",
    "verbs",
    "watched",
]
