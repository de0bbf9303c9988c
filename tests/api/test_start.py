"""What a start imports: what only some commands need must not keep anybody waiting."""

import subprocess
import sys
from pathlib import Path

IMPORTS = """
import sys
import api.wiring, api.work.crew, api.work.shift
worker = {"fastapi", "jinja2", "uvicorn", "openpyxl", "alembic"} & set(sys.modules)
import api.serving
service = {"openpyxl", "alembic", "fpdf", "PIL"} & set(sys.modules)
sys.exit(f"a worker imports {sorted(worker)}, a service {sorted(service)}" if worker or service else 0)
"""


def test_a_worker_starts_without_the_web_and_a_service_without_migrations_and_spreadsheets() -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", IMPORTS], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
