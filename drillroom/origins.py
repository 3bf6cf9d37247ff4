"""Whether the packages that we import are our own: others have packages of the same names, and Python takes the first.

Another `reports` comes first where PYTHONPATH or the current folder holds one, and one that pip installed beside ours
has overwritten files of ours. Both are said in a sentence before anything is imported that would fail in its own way.
"""

import sys
from importlib.machinery import PathFinder
from pathlib import Path

__all__ = ["OUR_PACKAGES", "ForeignPackageError", "altered_files", "check_origins", "explained", "main"]

OUR_PACKAGES = ("scenarios", "simulator", "scoring", "reports", "drills")
"""The packages that come with this one, in its folder's folder."""
_OURS = b'"""Drillroom: '
"""How the first file of each begins."""
_IMPOSSIBLE, _INTERRUPTED = 2, 130


class ForeignPackageError(ImportError):
    """A package by the name of one of ours is somebody else's. The message names it and says what to do."""


def main() -> None:
    """Run the program named `drillroom` and leave with its exit code."""
    try:
        check_origins()
        try:
            from drills.cli import main as program
        except (ImportError, AttributeError) as error:
            raise explained(error) from None
        program(altered_files)
    except ForeignPackageError as error:
        _complain(str(error))
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    except Exception as error:
        known = explained(error)
        if known is error:
            raise
        _complain(str(known))


def _complain(line: str) -> None:
    """One line on standard error, and the exit code of what could not be done."""
    sys.stderr.write(f"drillroom: {line}\n")
    sys.exit(_IMPOSSIBLE)


def check_origins() -> None:
    """Raises ForeignPackageError if Python would import another package than ours. It imports none itself."""
    root = _root()
    for name in OUR_PACKAGES:
        found = _place(name)
        if found is None:
            raise ForeignPackageError(
                f"the package {name!r}, which is part of Drillroom, is not in {root}; "
                "reinstall it: pip install --force-reinstall drillroom"
            )
        if found != root / name / "__init__.py":
            raise ForeignPackageError(
                f"Python finds another package named {name!r} before Drillroom's own: {found.parent}; leave its folder "
                "out of PYTHONPATH, or work in another folder, or rename that package"
            )
        if not _begins(found):
            raise ForeignPackageError(_overwritten(f"{name}/__init__.py"))


def _root() -> Path:
    return Path(__file__).parent.parent


def _place(name: str) -> Path | None:
    """The first file of the package that an import would give, or has given; None if there is none."""
    known = sys.modules.get(name)
    spec = PathFinder.find_spec(name) if known is None else known.__spec__
    file = None if spec is None else spec.origin
    if file is not None:
        return Path(file)
    # A folder without a first file of its own is a package as well, if nothing better comes after it.
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    return Path(folders[0]) / "__init__.py" if folders else None


def _begins(file: Path) -> bool:
    try:
        with file.open("rb") as first:
            return first.read(len(_OURS)) == _OURS
    except OSError:
        return False


def _overwritten(file: str) -> str:
    """The sentence for a file of ours that somebody else wrote over, with who it was if that is known."""
    owner = _owner_of(file)
    who = f"the package {owner!r} was installed over it" if owner else "something was written over it"
    apart = f"uninstall it (pip uninstall {owner}), or i" if owner else "I"
    return (
        f"{_root() / file} is not as Drillroom installed it: {who}; {apart}nstall Drillroom in an environment of its "
        "own (uv tool install drillroom); to repair this one: pip install --force-reinstall drillroom"
    )


def _owner_of(path: str) -> str | None:
    """The other distribution, if any, that says it installed a file."""
    from importlib.metadata import distributions

    for one in distributions(path=[str(_root())]):
        if one.name != "drillroom" and any(str(file) == path for file in one.files or ()):
            return str(one.name)
    return None


def explained(error: Exception) -> Exception:
    """What is behind an error while a part of ours was loaded or ran: a file of ours that is not as it was installed.

    If all of them are, the error itself.
    """
    changed = altered_files()
    return ForeignPackageError(changed[0]) if changed else error


def altered_files() -> list[str]:
    """A sentence for each installed file of ours whose content is not what was installed: which, by whom, what to do.

    None where Drillroom is used from a checkout, which lists no files of its own.
    """
    from base64 import urlsafe_b64encode
    from hashlib import sha256
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        listed = distribution("drillroom").files or []
    except PackageNotFoundError:
        return []
    changed = []
    for file in listed:
        if file.parts[0] not in OUR_PACKAGES or file.hash is None or file.suffix == ".pyc":
            continue
        try:
            content = Path(str(file.locate())).read_bytes()
        except OSError:
            content = b""
        if urlsafe_b64encode(sha256(content).digest()).rstrip(b"=").decode() != file.hash.value:
            changed.append(_overwritten(str(file)))
    return changed
