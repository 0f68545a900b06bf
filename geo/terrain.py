"""Heights of the ground from a terrain model, and how steep ways are on it."""

from __future__ import annotations

from geo._inclines import Inclines, Terrain, report_silence
from geo._terrain_file import read_terrain

__all__ = ["Inclines", "Terrain", "read_terrain", "report_silence"]
