"""How fast the house is and how much it holds: `python -m bench` prints one table.

Everything happens on this machine and in a temporary folder, in a few minutes. Times depend on what
else runs here, so a bare ASGI hello is measured in the same run: compare ratios and medians.
"""
