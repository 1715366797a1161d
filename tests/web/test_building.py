"""How the application is built: of what the framework will keep, nothing before its time."""

import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

from web_world import portal

ROOT: Final = Path(__file__).parents[2]
BUILD: Final = """
import sys
from pathlib import Path
from app.main import create_app
from app.settings import Settings
create_app(Settings(data_dir=Path(sys.argv[1])))
"""
IMPORT: Final = """
import threading, warnings
warnings.simplefilter("ignore")
import app.main
print(threading.active_count())
"""


def run(program: str, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run a program of its own in the project's folder, warnings of old ways as errors."""
    return subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning", "-c", program, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_application_is_built_without_a_warning(tmp_path: Path) -> None:
    ended = run(BUILD, str(tmp_path))
    assert (ended.returncode, ended.stderr) == (0, "")


def test_nothing_runs_at_import() -> None:
    assert run(IMPORT).stdout == "1\n"


def test_a_portal_that_is_shut_down_leaves_no_thread_of_its_own(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    with portal(tmp_path) as web:
        assert web.send(b"{}").status_code == 200
    left = [one.name for one in threading.enumerate() if one not in before]
    assert left == []
