"""XML as text: the same tree, the same text, and no character that XML forbids."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

# Anything else cannot stand in XML 1.0 at all, not even escaped (section 2.2).
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
