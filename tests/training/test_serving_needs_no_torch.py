import subprocess
import sys
from pathlib import Path

import pytest

WALK = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
    importlib.import_module(module.name)
heavy = sorted({"torch", "ultralytics", "torchvision", "onnx", "training"} & set(sys.modules))
sys.exit(f"imported {heavy}" if heavy else 0)
"""


@pytest.mark.parametrize("package", ["inference", "cases", "api"])
def test_nothing_that_serves_imports_the_trainer_or_torch(package: str) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", WALK, package], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
