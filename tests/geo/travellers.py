"""People on the way at round speeds, so that seconds can be derived in the head.

On foot 1 m/s (steps 0.5), with a rollator 0.5, in a wheelchair 1, riding 4 and pushing 1 m/s
(steps 0.5).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from geo.profiles import Profile, State, load_profiles
from tests.geo.drawings import Town, draw

SHIPPED = load_profiles()
FOOT = SHIPPED["resident"]
ROLLATOR = replace(SHIPPED["rollator"], speed_m_s=0.5)
WHEELCHAIR = replace(SHIPPED["wheelchair"], speed_m_s=1.0)
BICYCLE = replace(SHIPPED["bicycle"], speed_m_s=4.0, push_speed_m_s=1.0, steps_speed_m_s=0.5)
ALL = (FOOT, ROLLATOR, WHEELCHAIR, BICYCLE)
WHEELS = (ROLLATOR, WHEELCHAIR)

GOOD = "highway=footway surface=asphalt smoothness=good width=2 incline=0"
"""Of this way everything is known, and good."""
BARE = "highway=footway"
"""Of this way nothing is known."""


def both(town: Town, pair: str = "hx") -> tuple[float | None, float | None]:
    """Return the seconds between two spots on confirmed ways, and on possible ones too."""
    key = (pair[0], pair[1])
    return (
        town.seconds(state=State.CONFIRMED).get(key),
        town.seconds(state=State.POSSIBLE).get(key),
    )


def straight(ways: dict[str, str], profile: Profile, **more: Any) -> Town:
    """Draw four spots in a row, 40 m apart; h and x stand at its ends."""
    return draw(
        "h---B---C---x",
        metres=10,
        ways=ways,
        houses={"h": ""},
        places={"x": ""},
        profile=profile,
        **more,
    )
