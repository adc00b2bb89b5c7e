"""The one way in which a command of the house says no."""


class Refusal(Exception):
    """Nothing was done. The message is a sentence for a person: what happened, what to do."""
