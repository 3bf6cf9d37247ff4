import errno
from pathlib import Path

import pytest

from drills.records.folder import FolderError, check_folder, write_files

FILES = {"log.jsonl": b"one\n", "charts/timeline.svg": b"<svg/>"}


def listing(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_writes_every_file_and_nothing_beside_it(tmp_path: Path) -> None:
    out = write_files(tmp_path / "deep" / "drill", FILES)
    assert listing(out) == FILES
    assert [path.name for path in out.parent.iterdir()] == ["drill"]


def test_an_existing_folder_stays_as_it_is_without_force(tmp_path: Path) -> None:
    out = write_files(tmp_path / "drill", FILES)
    with pytest.raises(
        FolderError, match="was left as it is: it is there already; choose another folder or add --force"
    ):
        write_files(out, {"log.jsonl": b"two\n"})
    assert listing(out) == FILES


def test_force_replaces_all_of_an_earlier_drill(tmp_path: Path) -> None:
    out = write_files(tmp_path / "drill", FILES)
    write_files(out, {"log.jsonl": b"two\n"}, force=True)
    assert listing(out) == {"log.jsonl": b"two\n"}
    assert [path.name for path in tmp_path.iterdir()] == ["drill"]


def test_force_never_touches_what_no_drill_wrote(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(FolderError, match=r"holds what no drill wrote \(thesis\.txt\)"):
        write_files(tmp_path, FILES, force=True)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "drill").mkdir()
    assert listing(write_files(tmp_path / "drill", FILES)) == FILES


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "drill").write_text("")
    with pytest.raises(FolderError, match="is a file and not a folder"):
        check_folder(tmp_path / "drill", force=True)


def test_a_full_disk_leaves_the_earlier_drill_and_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = write_files(tmp_path / "drill", FILES)
    write = Path.write_bytes
    written: list[Path] = []

    def full(self: Path, content: bytes) -> int:
        if written:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(self)
        return write(self, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(
        FolderError, match="cannot be written: no space left on device; nothing was changed, name another folder"
    ):
        write_files(out, {"log.jsonl": b"two\n", "events.csv": b""}, force=True)
    monkeypatch.undo()
    assert listing(out) == FILES
    assert [path.name for path in tmp_path.iterdir()] == ["drill"]


def test_the_earlier_drill_comes_back_when_the_new_one_cannot_move_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = write_files(tmp_path / "drill", FILES)
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.suffix == ".new":
            raise PermissionError(errno.EACCES, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(FolderError, match="permission denied"):
        write_files(out, {"log.jsonl": b"two\n"}, force=True)
    assert listing(out) == FILES


def test_a_name_below_a_file_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError, match=r"^[^\n]*cannot be (written|looked at)[^\n]*$"):
        write_files(tmp_path / "file" / "drill", FILES)


def test_a_link_goes_on_pointing_at_its_folder(tmp_path: Path) -> None:
    real = write_files(tmp_path / "real", FILES)
    (tmp_path / "latest").symlink_to(real)
    write_files(tmp_path / "latest", {"log.jsonl": b"two\n"}, force=True)
    assert (tmp_path / "latest").is_symlink()
    assert listing(real) == {"log.jsonl": b"two\n"}
