"""Reflections made false by one word, and still true where it is changed on both sides.

A reflection of the wrong thing sounds like a right one: what differs is who, when, which way, or
which feeling. A word and its counterpart are exchanged in the line alone (then it is false), in the
message alone (false as well), or in both (still true), so that no word by itself tells which it is.
"""

import random
import re
from collections.abc import Iterator, Mapping

WORD = re.compile(r"[A-Za-z']+")
# Either may stand for the other without breaking a sentence, and makes another report of it. Who
# and when are only exchanged where the message says them too: elsewhere nobody could tell.
WHO_AND_WHEN = """
mum dad | mom dad | mother father | mam dad | ma pa | sister brother | aunt uncle | auntie uncle
gran grandad | grandma grandpa | nan grandad | son daughter | wife husband | girl boy | girls boys
niece nephew | girlfriend boyfriend | woman man | women men | he she | him her | his her
himself herself | boss neighbour | doctor teacher | cousin friend | cat dog | kids parents
monday thursday | tuesday friday | wednesday saturday | sunday tuesday | morning evening
night afternoon | breakfast dinner | lunch supper | today yesterday | tomorrow yesterday
week month | weeks months | year month | years months | hour minute | hours minutes | day week
january june | february july | march october | april september | summer winter | spring autumn
two five | three seven | four nine | six ten | eight twelve | twenty fifty | thirty forty
everybody nobody | everyone nobody | everything nothing | old new | big small | long short
can can't | could couldn't | did didn't | was wasn't | were weren't | will won't | would wouldn't
"""
WHICH_WAY = """
first last | before after | early late | earlier later | always never | more less | most least
good bad | better worse | best worst | right wrong | hard easy | open closed | hot cold
full empty | fast slow | loud quiet | alone together | stay leave | stayed left | staying leaving
win lose | won lost | winning losing | bought sold | gave took | came left | start stop
started stopped | remember forget | remembered forgot | lost found | broke fixed | broken fixed
passed failed | pass fail | accepted refused | laughed cried | laughing crying | laugh cry
loved hated | love hate | called ignored | rang ignored | kept dropped | helped hurt
hired sacked | married divorced | glad sad | happy upset | relieved worried | proud ashamed
calm nervous | excited bored | angry pleased | furious delighted | scared brave
hopeful hopeless | lonely loved | disappointed thrilled | hurt touched | jealous proud
guilty proud | tired rested | exhausted rested | embarrassed proud | grateful resentful
joy grief | relief dread | pride shame | anger delight | fear hope
"""


def _table(pairs: str) -> Mapping[str, str]:
    both: dict[str, str] = {}
    for pair in pairs.replace("\n", "|").split("|"):
        if words := pair.split():
            one, other = words
            both.setdefault(one, other)
            both.setdefault(other, one)
    return both


DIRECTIONS = _table(WHICH_WAY)
TABLE = {**_table(WHO_AND_WHEN), **DIRECTIONS}


def swapped(text: str, word: str) -> str:
    """The text with its counterpart wherever the word stands."""
    return WORD.sub(lambda found: _like(found[0], word), text)


def _like(found: str, word: str) -> str:
    if found.lower() != word:
        return found
    other = TABLE[word]
    return other.capitalize() if found[:1].isupper() else other


def words_of(text: str) -> list[str]:
    """Words with a counterpart, each once, in order."""
    return list(dict.fromkeys(word for word in WORD.findall(text.lower()) if word in TABLE))


def variants(
    line: str, message: str, chance: random.Random, most: int
) -> Iterator[tuple[str, str, bool]]:
    """Line, message, and whether the line is still true to it; up to `most` words are changed."""
    both = [word for word in words_of(line) if word in words_of(message)]
    alone = [word for word in words_of(line) if word in DIRECTIONS and word not in both]
    for word in _some(both, most, chance):
        other_line, other_message = swapped(line, word), swapped(message, word)
        yield other_line, message, False
        yield line, other_message, False
        yield other_line, other_message, True
    for word in _some(alone, max(0, most - len(both)), chance):
        yield swapped(line, word), message, False


def _some(words: list[str], most: int, chance: random.Random) -> list[str]:
    return chance.sample(words, min(most, len(words)))
