"""What the command line says: findings and faults, in German."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from geo.errors import SozialraumError
from geo.findings import Finding, Severity

_NO_WRAP = 10_000

_HEADINGS = {
    Severity.ERROR: ("Fehler", "bold red"),
    Severity.WARNING: ("Hinweise, die Zahlen betreffen", "bold dark_orange3"),
    Severity.INFO: ("Gut zu wissen", "bold"),
}

_USAGE = (
    (r"Missing argument '(?P<what>[^']+)'", "Es fehlt die Angabe »{what}«."),
    (r"Missing option '(?P<what>[^']+)'", "Es fehlt die Option »{what}«."),
    (r"Missing command", "Es fehlt der Befehl."),
    (
        r"No such option: (?P<what>\S+) \(Possible options?: (?P<choices>.+)\)",
        "Die Option »{what}« gibt es nicht. Gemeint ist vielleicht: {choices}.",
    ),
    (r"No such option: (?P<what>\S+)", "Die Option »{what}« gibt es nicht."),
    (
        r"No such command '(?P<what>[^']+)'\. Did you mean '(?P<choices>[^']+)'",
        "Den Befehl »{what}« gibt es nicht. Gemeint ist vielleicht: {choices}.",
    ),
    (r"No such command '(?P<what>[^']+)'", "Den Befehl »{what}« gibt es nicht."),
    (r"unexpected extra argument\S* \((?P<what>.+)\)", "»{what}« ist eine Angabe zu viel."),
    (r"Option '(?P<what>[^']+)' requires an argument", "Zur Option »{what}« fehlt der Wert."),
    (r"Option '(?P<what>[^']+)' does not take a value", "Die Option »{what}« hat keinen Wert."),
    (
        r"Invalid value for '(?P<what>[^']+)': .*'(?P<value>.*)' is not one of (?P<choices>.+)\.$",
        "»{value}« geht bei »{what}« nicht. Möglich sind: {choices}.",
    ),
    (r"Invalid value for '(?P<what>[^']+)'", "Der Wert von »{what}« passt nicht."),
)


def make_console(*, stderr: bool = False) -> Console:
    """Return a console that wraps for people, but never for a file or another program."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, width=None if stream.isatty() else _NO_WRAP)


def usage_fault(message: str) -> str:
    """Translate what the command-line library says of a wrong call."""
    for pattern, german in _USAGE:
        found = re.search(pattern, message, flags=re.DOTALL)
        if found:
            return german.format(**found.groupdict())
    return "So lässt sich der Befehl nicht aufrufen."


def print_fault(console: Console, error: SozialraumError) -> None:
    """Print what is wrong, where, and what to do."""
    console.print(Text(error.what, style="bold red"))
    if error.where:
        console.print(Text(f"Wo: {error.where}"), soft_wrap=True)
    if error.remedy:
        console.print(Text(f"Abhilfe: {error.remedy}"))


def print_findings(console: Console, findings: Iterable[Finding]) -> None:
    """Print findings by severity, the gravest first; the text is never read as markup."""
    listed = list(findings)
    for severity, (heading, style) in _HEADINGS.items():
        group = [finding for finding in listed if finding.severity is severity]
        if not group:
            continue
        console.print(Text(f"{heading} ({len(group)})", style=style))
        for finding in group:
            console.print(Padding(Text("• " + sentence(finding)), (0, 0, 0, 2), expand=False))


def sentence(finding: Finding) -> str:
    """Put a finding into one paragraph."""
    parts = [finding.message]
    if finding.where and finding.where not in finding.message:
        parts.append(f"({finding.where})")
    if finding.examples and finding.where not in finding.examples:
        parts.append("Beispiele: " + ", ".join(finding.examples[:5]) + ".")
    if finding.remedy:
        parts.append(finding.remedy)
    return " ".join(parts)


def print_lines(console: Console, lines: Sequence[str]) -> None:
    """Print plain lines; nothing in them is markup."""
    for line in lines:
        console.print(Text(line), soft_wrap=True)
