"""Smaller answers: gzip, for what gets smaller by it, where the asker understands it."""

from __future__ import annotations

import gzip

SMALLEST = 512
"""Bytes below which an answer fits into one packet anyway."""
_LEVEL = 6
_TYPES = (
    "application/geo+json",
    "application/javascript",
    "application/json",
    "application/problem+json",
    "application/schema+json",
    "application/vnd.oai.openapi+json",
    "application/xml",
    "image/svg+xml",
    "text/",
)
"""Starts of media types that get smaller; archives, pictures and fonts are compressed already."""


def is_compressible(media_type: str, size: int) -> bool:
    """Whether an answer of this type and size (bytes) gets smaller."""
    return size >= SMALLEST and media_type.startswith(_TYPES)


def accepts_gzip(header: str) -> bool:
    """Whether ``Accept-Encoding`` allows gzip (RFC 9110, 12.5.3).

    A coding is allowed where it, or ``*``, is named with a weight above 0.
    """
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, _, parameters = part.partition(";")
        weight = parameters.replace(" ", "").removeprefix("q=") if parameters else "1"
        try:
            weights[name.strip()] = float(weight)
        except ValueError:
            weights[name.strip()] = 0.0
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def gzipped(body: bytes) -> bytes:
    """Return the compressed bytes; the same body gives the same bytes."""
    return gzip.compress(body, _LEVEL, mtime=0)
