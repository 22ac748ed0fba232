"""The one kind of error that people may read: a refusal with a sentence."""

from django.utils.functional import Promise


class Refusal(Exception):
    """Something cannot be done now; its text is one clear sentence in the reader's language.

    Rooms subclass it; views show the text, keep what was typed and answer 422.
    """

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)


class Conflict(Refusal):
    """Somebody else was faster: the state is no longer what the form was drawn from."""
