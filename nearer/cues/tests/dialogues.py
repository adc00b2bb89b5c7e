"""Small talks written for these tests; none of them is in the training or the frozen replies."""

# A message, a reply that gives back what was said, and one that gives back something else.
RIGHT_AND_WRONG = (
    (
        "The vet says the old dog has weeks, not months. I just sat in the car park.",
        "Weeks. And you sat there in the car with that.",
        "So the vet was rude to you and you drove off.",
    ),
    (
        "I passed the swimming test! At sixty-eight! The whole pool clapped!",
        "You passed, and the whole pool clapped for you at sixty-eight.",
        "So you're worried the pool is going to close.",
    ),
    (
        "They gave the shift lead to Tomas. I trained him.",
        "You trained him, and now he's the one they picked.",
        "So you trained for the race and your knee gave up.",
    ),
    (
        "My sister hasn't answered since the wedding. Five weeks now.",
        "Five weeks of nothing from her.",
        "You're sad that the wedding was called off.",
    ),
    (
        "i finally told mum im not coming home for eid. she just went quiet",
        "you told her, and then she went quiet on you",
        "so you forgot to tell her and now it's late",
    ),
    (
        "The new hearing aid works. I heard the rain on the roof last night.",
        "You lay there and heard the rain again.",
        "So the roof is leaking and you couldn't sleep.",
    ),
    (
        "I can't do the stairs without stopping any more. I used to carry you up them.",
        "You have to stop half way now, on the stairs you used to carry me up.",
        "So you want to move because the stairs are ugly.",
    ),
    (
        "He asked me to marry him in the bus queue and I said yes before the bus came.",
        "You said yes right there in the queue.",
        "You missed the bus and it ruined your day.",
    ),
    (
        "Nobody came to my reading. I read to four empty rows.",
        "You stood there and read to empty rows.",
        "So the crowd was too loud for you to read.",
    ),
    (
        "The bank wants the shop by March. Dad built those shelves.",
        "By March it's gone, shelves and all, and your dad built them.",
        "So you are happy to be done with the shop.",
    ),
    (
        "I shouted at the kids again this morning and they went to school not looking at me.",
        "They left without looking at you, after the shouting.",
        "So the kids shouted at you all morning.",
    ),
    (
        "Got the results. It's benign. I've been crying in the kitchen for an hour.",
        "Benign. And it all came out in the kitchen, for an hour.",
        "So you burnt the dinner and cried.",
    ),
)

REPLIES = (
    "Mm.",
    "I told you that would happen.",
    "Have you tried calling them back?",
    "At least you still have the car.",
    "So you waited all day and nobody rang.",
    "What was that like for you?",
    "Of course you're angry, anyone would be.",
    "Same here, last week my boss did that to me, you would not believe what she said.",
    "Love you",
    "ok",
    "Did you sleep?",
    "You should go to bed earlier, then you would not be so tired.",
    "It sounds like you just need to quit.",
    "You always make it bigger than it is.",
    "Don't be sad, it's only a job.",
    "You sat there on your own with it. Anyone would have cried. What happened then?",
    "I'll be home at six.",
    "😂😂",
    "why would you say that to her",
    "that is so you, standing up on the bus like that",
)
