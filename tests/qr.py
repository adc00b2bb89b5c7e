"""Reads a QR code as a phone does, but from clean modules: nothing is corrected, only decoded.

After ISO/IEC 18004: bytes in one block, versions 1 to 3, which is enough for an address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

Modules = list[list[bool]]
_MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda row, column: (row + column) % 2 == 0,
    lambda row, _column: row % 2 == 0,
    lambda _row, column: column % 3 == 0,
    lambda row, column: (row + column) % 3 == 0,
    lambda row, column: (row // 2 + column // 3) % 2 == 0,
    lambda row, column: (row * column) % 2 + (row * column) % 3 == 0,
    lambda row, column: ((row * column) % 2 + (row * column) % 3) % 2 == 0,
    lambda row, column: ((row + column) % 2 + (row * column) % 3) % 2 == 0,
)
_FORMAT_MASK = 0b101
"""What the three bits that name the mask are XORed with."""
_BYTES = 0b0100


def modules_in(terminal: str) -> Modules:
    """From lines of half blocks, where a block is a light module; without the quiet zone."""
    halves = {" ": (True, True), "▀": (False, True), "▄": (True, False), "█": (False, False)}
    rows: Modules = []
    for line in terminal.splitlines():
        pairs = [halves[sign] for sign in line]
        rows += [[upper for upper, _lower in pairs], [lower for _upper, lower in pairs]]
    wide = len(rows[0])
    quiet = next(n for n, row in enumerate(rows) if any(row[4 : wide - 4]))
    return [row[quiet : wide - quiet] for row in rows[quiet : wide - quiet]]


def text_in(modules: Modules) -> str:
    bits = "".join(_bits(modules))
    assert int(bits[:4], 2) == _BYTES, "an address is written in bytes"
    length = int(bits[4:12], 2)
    content = bits[12 : 12 + 8 * length]
    return bytes(int(content[n : n + 8], 2) for n in range(0, len(content), 8)).decode()


def _bits(modules: Modules) -> Iterator[str]:
    size = len(modules)
    assert size in (21, 25, 29), "longer addresses come in more blocks"
    mask = _MASKS[
        int("".join(str(int(modules[8][column])) for column in (2, 3, 4)), 2) ^ _FORMAT_MASK
    ]
    for row, column in _path(size):
        if not _is_frame(row, column, size):
            yield str(int(modules[row][column] ^ mask(row, column)))


def _path(size: int) -> Iterator[tuple[int, int]]:
    """Up and down in pairs of columns from the lower right, leaving out the timing column."""
    upwards = True
    for right in [*range(size - 1, 6, -2), 5, 3, 1]:
        rows = range(size - 1, -1, -1) if upwards else range(size)
        yield from ((row, column) for row in rows for column in (right, right - 1))
        upwards = not upwards


def _is_frame(row: int, column: int, size: int) -> bool:
    """What finds and straightens the code: corners with the format, timing, one small square."""
    corner = (row < 9 and (column < 9 or column >= size - 8)) or (row >= size - 8 and column < 9)
    square = size > 21 and abs(row - (size - 7)) <= 2 and abs(column - (size - 7)) <= 2
    return corner or square or 6 in (row, column)
