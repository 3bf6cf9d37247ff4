"""A workspace's settings: its `drillroom.toml`, and the environment, which overrides it.

A database that the file names, or leaves to us, is in the workspace, from whichever of its folders it is used.
"""

import os
import socket
import tomllib
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from scenarios.problem import closest
from scenarios.workspace import MARK, nearby, workspace

__all__ = ["LONGEST_LEASE", "Settings", "SettingsError", "load_settings"]

PREFIX = "DRILLROOM_"
SHORTEST_LEASE, LONGEST_LEASE = 0.5, 5.0
"""Seconds for which a lease holds. It is renewed four times in that time; once it has run out, others take over."""
_LARGEST = 64 * 1024


class SettingsError(Exception):
    """The settings cannot be used; the message says which and why, in one line."""


def _address(value: str) -> str:
    """An address as people type it, without a path."""
    value = value.strip().rstrip("/")
    if not value:
        return ""
    try:
        parts = urlsplit(value)
        named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        named = False
        parts = urlsplit("")
    bare = not (parts.path or parts.query or parts.fragment or "@" in parts.netloc)
    if not named or not bare or parts.scheme not in ("http", "https") or not value.isprintable() or " " in value:
        raise ValueError("must be the address that people type, without a path, such as https://drills.example.com")
    return value


def _some(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty")
    return value.strip()


class Settings(BaseModel):
    """What the server needs to know."""

    model_config = ConfigDict(extra="forbid")

    database: Annotated[str, AfterValidator(_some)] = "drillroom.sqlite"
    """A file for SQLite, or an address such as postgresql+psycopg://user@host/name."""
    host: Annotated[str, AfterValidator(_some)] = "127.0.0.1"
    """The address to listen on."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8484
    """The port to listen on; 0 takes any that is free."""
    public_url: Annotated[str, AfterValidator(_address)] = ""
    """The address that people type, if that is a different one: behind a proxy, such as https://drills.example.com."""
    keep_guesses_days: Annotated[int, Field(ge=1, le=3650)] = 30
    """For how many days what people guessed before the score is kept."""
    keep_presence_days: Annotated[int, Field(ge=1, le=3650)] = 90
    """For how many days we keep when somebody came, and by which link."""
    keep_texts_days: Annotated[int, Field(ge=1, le=3650)] = 396
    """For how many days what people typed is kept: 13 months."""

    internal_url: Annotated[str, AfterValidator(_address)] = ""
    """The address at which other servers on the same database reach this one, if that is not `host` and `port`."""
    lease: Annotated[float, Field(ge=SHORTEST_LEASE, le=LONGEST_LEASE)] = LONGEST_LEASE
    """Seconds after which another server on the same database may go on with what this one had, if it hangs or dies."""

    @property
    def internal_address(self) -> str:
        """The address under which other servers reach this one, once it is known on which port it listens."""
        everywhere = self.host in ("0.0.0.0", "::")  # noqa: S104 - compared
        name = socket.gethostname() if everywhere else f"[{self.host}]" if ":" in self.host else self.host
        return self.internal_url or f"http://{name}:{self.port}"


def load_settings(**given: object) -> Settings:
    """The settings: what is given, else what the environment says (`DRILLROOM_DATABASE`), else what the file says.

    None means not given. Raises SettingsError.
    """
    known, file = list(Settings.model_fields), _settings_file()
    said = {key: value for key, value in given.items() if value is not None}
    try:
        return Settings.model_validate({**_file(file), **_environment(known), **said})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        if first["type"] == "extra_forbidden":
            raise SettingsError(f"{file}: {name} is not a setting; {_meant(name, known)}") from None
        raise SettingsError(f"{_place(name, said, file)} {_why(name, first)}") from None


def _environment(known: list[str]) -> dict[str, str]:
    """What the environment says. Raises SettingsError."""
    found = {}
    for name, value in os.environ.items():
        setting = name.removeprefix(PREFIX).lower()
        if name.startswith(PREFIX) and setting not in known:
            raise SettingsError(
                f"{name} in the environment is not a setting; {_meant(setting, known, environment=True)}"
            )
        if name.startswith(PREFIX):
            found[setting] = value
    return found


def _settings_file() -> Path:
    """The file of settings of the workspace that the current folder is in; there may be none."""
    found = workspace()
    return Path(MARK) if found is None else nearby(found / MARK)


def _file(path: Path) -> dict[str, Any]:
    """What the file says; nothing if there is none. Raises SettingsError."""
    if not path.exists():
        return {}
    said = _read(path)
    database = said.get("database", Settings.model_fields["database"].default)
    if path.parent != Path() and isinstance(database, str) and database.strip() and "://" not in database:
        said["database"] = str(path.parent / database)
    return said


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise SettingsError(f"{path} is larger than {_LARGEST // 1024} kB; it holds a few lines")
        return tomllib.loads(data.decode())
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from None


def _place(name: str, given: dict[str, object], file: Path) -> str:
    """Where a setting was made."""
    if name in given:
        return f"--{name.replace('_', '-')}"
    variable = f"{PREFIX}{name.upper()}"
    return f"{variable} in the environment" if variable in os.environ else f"{file}: {name}"


def _why(name: str, error: Any) -> str:  # noqa: ANN401 - pydantic's error, a dictionary
    kind, limits = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return str(limits["error"])
    if kind in ("greater_than_equal", "less_than_equal"):
        return _LIMITS.get(name, "must be from 1 to 3650 days")
    if kind.startswith(("int", "float")):
        return "must be a number" if name == "lease" else "must be a whole number"
    return "must be text" if kind.startswith("string") else f"cannot be used: {error['msg'].lower()}"


_LIMITS = {
    "port": "must be from 0 to 65535",
    "lease": f"must be from {SHORTEST_LEASE} to {LONGEST_LEASE:.0f} seconds",
}


def _meant(name: str, known: list[str], *, environment: bool = False) -> str:
    """A suggestion for a mistyped setting."""
    written = {one: f"{PREFIX}{one.upper()}" if environment else one for one in known}
    near = closest(name, known)
    return f"did you mean {written[near]}?" if near else f"there are {', '.join(written.values())}"
