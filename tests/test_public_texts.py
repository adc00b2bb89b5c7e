"""Public texts in the files of their authors become the rows that training reads.

The sentences here are ours, in their columns.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from training.examples import cuts_part, learned_part, public_examples
from training.public import SOURCES, SUPPORT_LABELS, write

ANNOMI_HEAD = (
    "mi_quality,transcript_id,video_title,video_url,topic,utterance_id,interlocutor,timestamp,"
    "utterance_text,annotator_id,therapist_input_exists,therapist_input_subtype,reflection_exists,"
    "reflection_subtype,question_exists,question_subtype,main_therapist_behaviour,client_talk_type"
)
TURN = "low,7,t,v7,smoking"
REPLY_HEAD = "sp_id,rp_id,seeker_post,response_post,level,rationales"
CLIENT = "n/a,n/a,n/a,n/a,n/a,n/a,n/a,neutral"


@pytest.fixture
def originals(tmp_path: Path) -> Path:
    files = {
        "emotions.txt": "joy\nlove\nneutral\n",
        "train.tsv": "The kettle is on and you are here.\t0,1\tabc\n",
        "dev.tsv": "It is a bus.\t2\tdef\n",
        "labeled_training_set.csv": (
            "sentenceid,author,nchar,created_utc,score,subreddit,label,full_text,wordcount,id,"
            "Emotional_disclosure,Information_disclosure,Support,General_support,Info_support,"
            "Emo_support\n"
            '3,kim,9,1,1,us,wife,"I<U+0092>m so glad, love",4,post1,1,0,1,0,0,1\n'
            '4,kim,9,1,1,us,wife,"I<U+0092>m so glad, love",4,post2,1,0,1,0,0,1\n'
        ),
        "AnnoMI-full.csv": "\n".join(
            [
                ANNOMI_HEAD,
                f"{TURN},0,client,0:01,I tried and it did not last a week.,1,{CLIENT}",
                f"{TURN},1,therapist,0:02,A week.,1,False,n/a,True,simple,False,n/a,reflection,n/a",
                f"{TURN},1,therapist,0:02,A week.,2,False,n/a,False,n/a,False,n/a,other,n/a",
                f"{TURN},2,client,0:03,Mm-hmm.,1,{CLIENT}",
                f"{TURN},3,therapist,0:04,Where?,1,False,n/a,False,n/a,True,closed,question,n/a",
            ]
        ),
        **{
            name: f"{REPLY_HEAD}\np,r,Nobody rang.,{said},{level},\n"
            for name, said, level in (
                ("emotional-reactions-reddit.csv", "Oh no.", 1),
                ("interpretations-reddit.csv", "Oh no.", 0),
                ("explorations-reddit.csv", "Oh no.", 2),
            )
        },
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def rows_of(originals: Path, source: str) -> list[dict[str, Any]]:
    return [row for _, row in SOURCES[source](originals)]


def test_emotions_have_names_and_the_official_parts(originals: Path) -> None:
    assert [
        (part, row["id"], row["labels"]["emotions"])
        for part, row in SOURCES["goemotions"](originals)
    ] == [("train", "goemo-abc", ["joy", "love"]), ("dev", "goemo-def", ["neutral"])]


def test_a_sentence_comes_once_with_its_apostrophes(originals: Path) -> None:
    (row,) = rows_of(originals, "offmychest")
    assert (row["text"], row["group"]) == ("I\u2019m so glad, love", "post1")
    assert row["labels"]["emotional_disclosure"] == row["labels"]["emo_support"] == 1


def test_of_two_codings_of_a_turn_the_one_that_says_something_counts(originals: Path) -> None:
    first, second = rows_of(originals, "annomi")
    assert first["labels"] == {
        "reflection": "simple",
        "question": "none",
        "input": "none",
        "main": "reflection",
    }
    assert (second["labels"]["question"], second["mi_quality"]) == ("closed", "low")


def test_a_short_turn_of_the_client_comes_with_the_one_before_it(originals: Path) -> None:
    first, second = rows_of(originals, "annomi")
    assert first["context"] == "I tried and it did not last a week."
    assert second["context"] == "I tried and it did not last a week. ... Mm-hmm."


def test_three_files_make_one_reply(originals: Path) -> None:
    (row,) = rows_of(originals, "epitome")
    assert row["labels"] == {"emotional_reaction": 1, "interpretation": 0, "exploration": 2}


def test_what_is_written_is_what_training_reads(originals: Path, tmp_path: Path) -> None:
    for source, rows in SOURCES.items():
        write(tmp_path / "data" / source, rows(originals))
    found = [
        each
        for part in ("train", "dev")
        for each in public_examples(tmp_path / "data", "annomi", part)
    ]
    assert {"reflection:simple", "main:reflection"} <= found[0].labels
    assert (found[0].session, found[0].quality) == ("t007", "low")
    assert json.loads((tmp_path / "data/goemotions/dev.jsonl").read_text(encoding="utf-8"))


def test_posts_set_aside_leave_some_to_learn_from_and_some_for_cuts(tmp_path: Path) -> None:
    head = "sentenceid,full_text,id," + ",".join(SUPPORT_LABELS)
    posts = [f"{n},So that is {n} of them.,post{n},1,0,0,0,0,0" for n in range(300)]
    (tmp_path / "labeled_training_set.csv").write_text("\n".join([head, *posts]))
    write(tmp_path / "offmychest", SOURCES["offmychest"](tmp_path))
    aside = public_examples(tmp_path, "offmychest", "dev")
    cuts, learned = (part(tmp_path, "offmychest") for part in (cuts_part, learned_part))
    assert min(map(len, (aside, cuts))) > 10
    assert len(learned) > 200
    assert len(aside) + len(cuts) + len(learned) == 300
