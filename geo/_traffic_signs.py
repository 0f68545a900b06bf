"""German traffic signs, as OSM's ``traffic_sign`` writes them: ``DE:239,1022-10``."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(?<![\d.])(\d{3,4})(\.\d)?(?:-(\d{2}))?(?![\d.])")


def german_signs(value: str) -> frozenset[str]:
    """Return the numbers of the signs in a value of ``traffic_sign``.

    A main sign is returned by its number alone (``DE:241-30`` is ``"241"``), an additional
    sign (1000 and above) with its variant (``"1022-10"``), on which its meaning depends.

    Parameters
    ----------
    value
        Value of the tag; empty, or of another country, gives nothing.

    Notes
    -----
    Numbers: StVO, annexes 1 to 3; VzKat 2017. Way of writing: OSM wiki *Key:traffic_sign*.
    """
    if "de:" not in value.lower():
        return frozenset()
    return frozenset(
        f"{number}-{variant}" if len(number) == _ADDITIONAL_DIGITS and variant else number
        for number, _, variant in _NUMBER.findall(value)
    )


_ADDITIONAL_DIGITS = 4
