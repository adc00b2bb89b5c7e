"""How the cue model is made and measured. Never imported by `nearer`."""
