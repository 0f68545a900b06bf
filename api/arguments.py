"""What several commands ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

StudyFolder = Annotated[
    Path, typer.Argument(metavar="STUDIE", help="Ordner der Studie (mit study.toml).")
]
