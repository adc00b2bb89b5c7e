"""What is true of a round that is over, for one of the two."""

from __future__ import annotations

from dataclasses import dataclass, field

from nearer.practices.listening.models import ListeningTurn, Reflection
from nearer.practices.listening.queries.rounds import Seen, line_of
from nearer.vault.sealing import Pair


@dataclass(frozen=True, slots=True)
class Ending:
    """How it ended, and what is there now."""

    by_me: bool
    by_other: bool
    """Neither, where it came to its end, or where one phone was between the two."""
    has_caught: bool
    has_words: bool
    """Something was written down that both can read."""
    have_i_sent: bool
    line: str = field(repr=False)
    """One's own."""

    @property
    def is_early(self) -> bool:
        return self.by_me or self.by_other


def ending_of(seen: Seen, pair: Pair | None) -> Ending:
    turns = list(seen.row.turns_taken.prefetch_related("reflections"))
    sent = [_senders(turn) for turn in turns]
    by = None if seen.round.is_one_phone else seen.round.ended_by
    return Ending(
        by_me=by == seen.seat,
        by_other=by == seen.other.id,
        has_caught=any(turn.caught for turn in turns),
        has_words=any(sent),
        have_i_sent=any(seen.seat in senders for senders in sent),
        line=line_of(seen, pair),
    )


def has_sent(seen: Seen) -> bool:
    """Whether this seat wrote anything in this round that the other can read."""
    turns = seen.row.turns_taken.prefetch_related("reflections")
    return any(seen.seat in _senders(turn) for turn in turns)


def _senders(turn: ListeningTurn) -> set[object]:
    """Who of the two wrote something in this turn; found without opening it."""
    reflections: list[Reflection] = list(turn.reflections.all())
    of_speaker = (turn.said, turn.caught, *(each.missing for each in reflections))
    of_listener = (turn.guess, *(each.words for each in reflections))
    found = ((turn.speaker, of_speaker), (turn.listener, of_listener))
    return {seat for seat, words in found if any(words)}
