"""XML as text: the same tree, the same text, and no character that XML forbids."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

# Anything else cannot stand in XML 1.0 at all, not even escaped (section 2.2).
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(root: ET.Element, *, indented: bool = False) -> str:
    """Write a tree as text, without a declaration; texts from outside are escaped.

    Parameters
    ----------
    root
        The tree; characters that XML forbids are replaced by U+FFFD in place.
    indented
        Whether each element stands on a line of its own.
    """
    for element in root.iter():
        element.text = _clean(element.text)
        element.attrib = {key: _FORBIDDEN.sub("\ufffd", value) for key, value in element.items()}
    if indented:
        ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def _clean(text: str | None) -> str | None:
    return None if text is None else _FORBIDDEN.sub("\ufffd", text)
