"""Small PNG files: a chart has few colours, so a palette says it all in a third of the bytes."""

from __future__ import annotations

import struct
import zlib
from typing import Any

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def packed(picture: bytes) -> bytes:
    """Return an RGBA picture on a white ground, with a palette of at most 256 colours.

    The drawing engine writes four bytes a pixel, lightly compressed. What it did not write that
    way comes back as it was.

    Parameters
    ----------
    picture : bytes
        A PNG.

    Examples
    --------
    >>> packed(b"not a picture")
    b'not a picture'
    """
    import numpy as np

    if not picture.startswith(SIGNATURE):
        return picture
    head, resolution, pixels = _parts(picture)
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", head)
    if (depth, kind, interlaced) != (8, 6, 0):
        return picture
    rows = np.frombuffer(zlib.decompress(pixels), np.uint8).reshape(height, 1 + 4 * width)
    filters = rows[:, :1]
    if (filters > 1).any():
        return picture
    cells = rows[:, 1:].reshape(height, width, 4)
    # Filter 1 stores each pixel's difference from the one before it; filter 0 stores it plain.
    cells = np.where(filters[..., None] == 1, np.cumsum(cells, axis=1, dtype=np.uint8), cells)
    found = _palette(cells)
    if found is None:
        return picture
    colours, indices = found
    body = np.concatenate([np.zeros((height, 1), np.uint8), indices], axis=1).tobytes()
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        *([(b"pHYs", resolution)] if resolution else []),
        (b"PLTE", colours.tobytes()),
        (b"IDAT", zlib.compress(body, 9)),
        (b"IEND", b""),
    ]
    return SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def _parts(picture: bytes) -> tuple[bytes, bytes, bytes]:
    head = resolution = pixels = b""
    at = len(SIGNATURE)
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        name, data = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        if name == b"IHDR":
            head = data
        elif name == b"pHYs":
            resolution = data
        elif name == b"IDAT":
            pixels += data
        at += 12 + length
    return head, resolution, pixels


def _palette(cells: Any) -> tuple[Any, Any] | None:
    """Return up to 256 colours and each pixel's place among them, as fine as that allows."""
    import numpy as np

    opacity = cells[..., 3:].astype(np.uint16)
    solid = cells[..., :3]
    if (opacity < 255).any():
        solid = ((solid * opacity + 255 * (255 - opacity)) // 255).astype(np.uint8)
    for bits in (5, 4, 3):
        shade = (solid >> (8 - bits)).astype(np.uint16)
        codes = (shade[..., 0] << (2 * bits)) | (shade[..., 1] << bits) | shade[..., 2]
        used = np.flatnonzero(np.bincount(codes.ravel(), minlength=1 << (3 * bits)))
        if len(used) > 256:
            continue
        place = np.zeros(1 << (3 * bits), np.uint8)
        place[used] = np.arange(len(used))
        indices = place[codes]
        flat = indices.ravel()
        pixels = np.bincount(flat)
        # Each colour is the mean of the pixels it stands for, so the plain areas keep theirs.
        sums = [np.bincount(flat, weights=solid[..., c].ravel()) for c in range(3)]
        return np.rint(np.stack(sums, axis=1) / pixels[:, None]).astype(np.uint8), indices
    return None
