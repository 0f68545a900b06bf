"""What the terminal shows while work goes on, and how long each step took."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class StepClock:
    """Times the steps of a job; itself a ``geo.progress.Progress`` listener.

    Attributes
    ----------
    seconds
        Wall seconds per finished step, in order, by the step's German label.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._label: str | None = None
        self._since = 0.0

    def __call__(self, label: str) -> None:
        """Begin a step; the one before it ends."""
        self.finish()
        self._label, self._since = label, time.perf_counter()

    def finish(self) -> None:
        """End the running step."""
        if self._label is not None:
            spent = time.perf_counter() - self._since
            self.seconds[self._label] = round(self.seconds.get(self._label, 0.0) + spent, 3)
            self._label = None


class ProgressBar:
    """A bar with the name of the running step, on stderr.

    Where stderr is no terminal, each step is one plain line, so that logs stay readable.

    Parameters
    ----------
    expected_steps
        How many steps the job usually has; the bar is full when they are done.
    """

    def __init__(self, expected_steps: int) -> None:
        self._console = Console(stderr=True)
        self._bar = Progress(
            SpinnerColumn(),
            BarColumn(bar_width=24),
            TextColumn("{task.description}", markup=False),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task("", total=expected_steps)
        self._begun = 0

    def __enter__(self) -> Self:
        """Show the bar."""
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take the bar away."""
        self._bar.stop()

    def __call__(self, label: str) -> None:
        """Show that a step begins."""
        if self._console.is_terminal:
            self._bar.update(self._task, completed=self._begun, description=label + " …")
        else:
            self._console.print(f"{label} …", markup=False, highlight=False)
        self._begun += 1
