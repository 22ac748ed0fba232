"""Who did what: an append-only log of every change, written in the transaction of the change itself.

For the next person:

* **A service that writes carries `@journal.verb(…)`** instead of `@transaction.atomic` (it opens the transaction):
  `of="activity"` names the keyword whose row changes, `result=True` says that the returned row is new, both together
  that a new row took an old one's place; `parts=("speakers",)` has relations told too. `by`, `at` and `reason` are taken
  from the keywords. A service that rewrites a form whole adds `unless_same=True`.
* **Or `@journal.exempt("why")`**: its rows are append-only and carry who and when, or it only calls services that keep the
  journal. A test walks every public function of every `services` module that takes `by` or `at`.
* **Acts within acts**: what a service causes by calling others, or through `happenings`, is written as part of it.
* **A thing** is described in the room's `story.py`: `journal.declare(journal.Thing(Activity, under="self",
  whole="plan.agreement"))`. Without that it is told with all its editable columns.
* **Nothing personal**: a model names in `personal_fields` what erasure empties, and calls its rows by a `neutral_label`. Of
  such a column only the fact of a change is kept, so erasure never has to touch the journal.
* **What is no service** (Wagtail's forms) calls `journal.look` before, `journal.note` after, in one transaction.
"""

from nhipcau.core.journal.things import PERSONAL, Part, Seen, Thing, declare, look, thing_of
from nhipcau.core.journal.writing import Verb, act_for, acting_for, exempt, note, verb, verbs, watched

__all__ = [
    "PERSONAL",
    "Part",
    "Seen",
    "Thing",
    "Verb",
    "act_for",
    "acting_for",
    "declare",
    "exempt",
    "look",
    "note",
    "thing_of",
    "verb",
    "verbs",
    "watched",
]
