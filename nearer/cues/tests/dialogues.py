"""Small talks written for these tests alone: nothing was learned from them."""

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

KIND, PLAIN, SHARP = "kind", "plain", "sharp"
# Whole talks, turn by turn: what a person who loves the other would call the line. Sharp ones are
# meant to hurt or to push away.
TALKS = (
    (
        (PLAIN, "The lift at the station is broken again, so I sat at the top for forty minutes."),
        (KIND, "Forty minutes up there on your own. Who got you down?"),
        (PLAIN, "Two boys with a pizza. They carried the chair and I carried the pizza."),
        (KIND, "Oh I like those two. Were you cold by then?"),
        (PLAIN, "Frozen. I told the man from the railway what I think of him, in both languages."),
        (KIND, "Good. I'll put the kettle on before you're through the door."),
    ),
    (
        (PLAIN, "You said you'd ring Amma on Sunday and it's Thursday."),
        (SHARP, "Here we go. The saint of the family is counting days again."),
        (PLAIN, "I'm not counting. She asked me three times if your phone was broken."),
        (SHARP, "Maybe if you didn't run to her with everything she'd ask me herself."),
        (KIND, "I did come in counting, sorry. She misses you, that's all I wanted to say."),
        (KIND, "No, you're right, I forgot and then I was ashamed. I'll ring her tonight."),
    ),
    (
        (PLAIN, "I sold the first quilt!! To a stranger!! In Norway!!"),
        (KIND, "NORWAY. Tell me everything, which one did they take?"),
        (PLAIN, "The blue one with the crooked corner. She wrote that she likes the corner best."),
        (KIND, "She likes the crooked corner best. You nearly unpicked that one, didn't you?"),
        (PLAIN, "Twice. You hid the scissors."),
        (KIND, "I'd hide them again. I'm so proud of you."),
    ),
    (
        (PLAIN, "Dad, I'm not coming back to the firm after the baby."),
        (SHARP, "So thirty years of work mean nothing to you. Fine."),
        (PLAIN, "They mean a lot. I'd like to tell you why, if you want to hear it."),
        (SHARP, "There's nothing to talk about. Do what you like, you always have."),
        (PLAIN, "Can we speak on Saturday instead?"),
        (KIND, "I was unfair just now. I got a fright. Saturday is good, I'll come to you."),
    ),
    (
        (PLAIN, "The scan's on Tuesday. I keep tidying the same drawer."),
        (KIND, "The same drawer, over and over, with Tuesday coming."),
        (PLAIN, "Yes. The batteries are now sorted by size."),
        (KIND, "Shall I sit with you on Monday night, or would you rather have it quiet?"),
        (PLAIN, "Sit with me. Don't say it will be fine."),
        (KIND, "I won't. I'll bring the bad film and the good biscuits."),
    ),
    (
        (PLAIN, "You left me at that table with your cousins for two hours, Efe."),
        (SHARP, "Oh please. You were on your phone the whole night like some bored teenager."),
        (PLAIN, "I was on my phone because nobody spoke a word I know."),
        (SHARP, "It's not my fault you never bothered to learn."),
        (PLAIN, "That stings. I've been at the course since March."),
        (KIND, "You have. I was embarrassed that I forgot about you, and I hit back. I'm sorry."),
    ),
    (
        (PLAIN, "we got the keys"),
        (KIND, "you got the KEYS. what did you do first"),
        (PLAIN, "lay on the floor. all three of us. the dog too"),
        (KIND, "all of you on the floor of your own kitchen, I could cry"),
        (PLAIN, "there's no lamp anywhere so we had the torch"),
        (KIND, "bless you for sending the photo, I showed it to the whole ward"),
    ),
    (
        (PLAIN, "I told Marta at work that I'm trans. She only said, do you want tea."),
        (KIND, "So you said it, and all that came was tea. How was that for you?"),
        (PLAIN, "Good, I think. I'd made a whole speech and then I didn't need it."),
        (KIND, "A whole speech, and it stayed in your pocket. I'm glad you told me too."),
        (PLAIN, "You were the practice run, you know."),
        (KIND, "I know, and I'd do it again any day."),
    ),
)
