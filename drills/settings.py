"""What a workspace says once: `drillroom.toml` in the folder one is in, and the environment, which goes before it."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

__all__ = ["FILE", "Settings", "SettingsError", "load_settings"]

FILE = "drillroom.toml"


class SettingsError(Exception):
    """The settings cannot be used; the message says which and why, in one line."""


class Settings(BaseSettings):
    """What the server needs to know. `DRILLROOM_DATABASE` in the environment goes before `database` in the file."""

    model_config = SettingsConfigDict(env_prefix="DRILLROOM_", toml_file=FILE, extra="forbid")

    database: str = "drillroom.sqlite"
    """A file for SQLite, or an address such as postgresql+psycopg://user@host/name."""
    host: str = "127.0.0.1"
    """The address to listen on."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8484
    """The port to listen on; 0 takes any that is free."""
    public_url: Annotated[str, Field(pattern=r"^$|^https?://[^/\s?#]+$")] = ""
    """The address that people type, where that is another: behind a proxy, such as https://drills.example.com."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given goes before the environment, and that before the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**given: object) -> Settings:
    """The settings, those that are given before all others. Raises SettingsError."""
    try:
        return Settings(**{key: value for key, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        where = f"{Path(FILE)}, or DRILLROOM_{name.upper()} in the environment"
        known = ", ".join(Settings.model_fields)
        what = f"is no setting; there are {known}" if first["type"] == "extra_forbidden" else first["msg"].lower()
        raise SettingsError(f"{where}: {name}: {what}") from None
    except ValueError as error:
        raise SettingsError(f"{FILE}: this is no TOML: {error}") from None
