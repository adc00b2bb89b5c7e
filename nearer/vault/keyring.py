"""What one unlocked person can open, for as long as one request or one socket lives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from nearer.vault.sealing import Pair, SpaceKey, ungranted

Boxes = Mapping[UUID, Mapping[int, bytes]]


class NoKey(Exception):
    """This person holds no key for that space."""


@dataclass(slots=True)
class Keyring:
    """One person's pair and the boxes made for that person: ``boxes[space][version]``."""

    person: UUID
    pair: Pair
    boxes: Boxes = field(repr=False)
    _open: dict[tuple[UUID, int], SpaceKey] = field(default_factory=dict, init=False, repr=False)

    def newest(self, space: UUID) -> SpaceKey:
        """The key that new words are sealed with.

        Raises:
            NoKey: this person holds no key for that space.
        """
        return self.version(space, max(self._of(space)))

    def version(self, space: UUID, version: int) -> SpaceKey:
        key = self._open.get((space, version))
        if key is None:
            box = self._of(space).get(version)
            if box is None:
                raise NoKey(f"no key of version {version} for this space")
            key = ungranted(
                box, self.pair, space=str(space), version=version, person=str(self.person)
            )
            self._open[space, version] = key
        return key

    def all_of(self, space: UUID) -> list[SpaceKey]:
        return [self.version(space, version) for version in sorted(self._of(space))]

    def holds(self, space: UUID) -> bool:
        return bool(self.boxes.get(space))

    def _of(self, space: UUID) -> Mapping[int, bytes]:
        if not self.holds(space):
            raise NoKey("no key for this space")
        return self.boxes[space]
