import hashlib
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inference.errors import EvidenceError
from inference.evidence.folder import FolderStore

WRITER = """
import sys
from pathlib import Path
from inference.evidence.folder import FolderStore
store = FolderStore(Path(sys.argv[1]))
for n in range(10**6):
    print(store.put(sys.argv[2].encode() + bytes([n % 256]) * 200_000 + str(n).encode()), flush=True)
"""


@pytest.fixture
def full_disk() -> Iterator[None]:
    """No file may grow past 64 kB, as on a disk that is nearly full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65_536, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.binary(max_size=5000))
def test_what_is_put_comes_back(store: FolderStore, data: bytes) -> None:
    assert store.get(store.put(data)) == data


def test_the_name_is_the_hash_and_the_same_bytes_are_kept_once(store: FolderStore, tmp_path: Path) -> None:
    names = {store.put(b"picture"), store.put(b"picture")}
    assert names == {hashlib.sha256(b"picture").hexdigest()}
    name = names.pop()
    assert files(tmp_path) == [tmp_path / "evidence" / name[:2] / name]


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(place=st.integers(0, 299), bit=st.integers(0, 7))
def test_one_flipped_bit_is_found(tmp_path: Path, place: int, bit: int) -> None:
    root = tmp_path / "evidence"
    store = FolderStore(root)
    name = store.put(bytes(range(250)) + bytes(50))
    damaged = bytearray((root / name[:2] / name).read_bytes())
    damaged[place] ^= 1 << bit
    (root / name[:2] / name).write_bytes(damaged)
    with pytest.raises(EvidenceError, match="has been changed"):
        store.get(name)


def test_putting_the_bytes_again_repairs_a_damaged_file(store: FolderStore, tmp_path: Path) -> None:
    name = store.put(b"picture")
    (tmp_path / "evidence" / name[:2] / name).write_bytes(b"")
    assert store.put(b"picture") == name
    assert store.get(name) == b"picture"


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "AB" * 32, "ab" * 32 + "\n", "ab" * 31])
def test_nothing_but_a_hash_is_a_name(store: FolderStore, name: str) -> None:
    with pytest.raises(EvidenceError, match="64 hex digits"):
        store.get(name)


def test_evidence_that_is_not_there_is_named(store: FolderStore) -> None:
    with pytest.raises(EvidenceError, match="there is no evidence ab"):
        store.get("ab" * 32)


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_is_one_sentence_and_leaves_nothing(store: FolderStore, tmp_path: Path) -> None:
    small = store.put(b"small")
    with pytest.raises(EvidenceError, match=r"cannot be written in .*\(File too large\); free space there") as failure:
        store.put(bytes(100_000))
    assert "\n" not in str(failure.value)
    assert [path.name for path in files(tmp_path)] == [small]


def test_a_place_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(EvidenceError, match="cannot be prepared"):
        FolderStore(tmp_path / "taken")


def test_what_a_crash_left_is_removed_on_start(tmp_path: Path) -> None:
    name = FolderStore(tmp_path).put(b"picture")
    (tmp_path / "incoming" / "half.tmp").write_bytes(b"pict")
    assert FolderStore(tmp_path).get(name) == b"picture"
    assert [path.name for path in files(tmp_path)] == [name]


def test_starting_another_process_takes_no_draft_from_a_writer(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    contents = [bytes([n]) * 100_000 for n in range(40)]
    with ThreadPoolExecutor(3) as pool:
        names = pool.map(store.put, contents)
        for _ in range(40):
            FolderStore(tmp_path)
        assert [store.get(name) for name in names] == contents


def test_killed_while_writing_loses_nothing_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    confirmed: list[str] = []
    for run in range(4):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), str(run)], stdout=subprocess.PIPE)
        with writer:
            assert writer.stdout is not None
            confirmed += [writer.stdout.readline().decode().strip() for _ in range(5 + run)]
            writer.send_signal(signal.SIGKILL)
    store = FolderStore(tmp_path)
    assert all(store.get(name) for name in confirmed)
    assert all(store.get(path.name) for path in files(tmp_path))
