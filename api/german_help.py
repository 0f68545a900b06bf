"""Help pages in German: the few words that the command-line library sets itself."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand, TyperGroup

_USAGE = {
    "Usage:": "Aufruf:",
    "[OPTIONS]": "[OPTIONEN]",
    "COMMAND [ARGS]...": "BEFEHL …",
}


def _german_usage(usage: str) -> str:
    """Translate the first line of a help page, and name the panels that follow it."""
    # Only who asks for help pays for loading what draws it.
    from typer import rich_utils  # noqa: PLC0415

    rich_utils.ARGUMENTS_PANEL_TITLE = "Angaben"
    rich_utils.OPTIONS_PANEL_TITLE = "Optionen"
    rich_utils.COMMANDS_PANEL_TITLE = "Befehle"
    rich_utils.DEFAULT_STRING = "[Vorgabe: {}]"
    rich_utils.REQUIRED_LONG_STRING = "[nötig]"
    for english, german in _USAGE.items():
        usage = usage.replace(english, german)
    return usage


class GermanCommand(TyperCommand):
    """A command whose help page is German throughout."""

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option ``--help`` with a German text."""
        return _with_german_help(super().get_help_option(ctx))

    def get_usage(self, ctx: Any) -> str:
        """Return the line that shows how to call the command."""
        return _german_usage(super().get_usage(ctx))


class GermanGroup(TyperGroup):
    """The list of commands, German throughout."""

    def get_help_option(self, ctx: Any) -> Any:
        """Return the option ``--help`` with a German text."""
        return _with_german_help(super().get_help_option(ctx))

    def get_usage(self, ctx: Any) -> str:
        """Return the line that shows how to call the commands."""
        return _german_usage(super().get_usage(ctx))


def _with_german_help(option: Any) -> Any:
    if option is not None:
        option.help = "Diese Hilfe zeigen und enden."
    return option
