"""A workspace's settings, and the messages about wrong ones."""

import re
import socket
from pathlib import Path

import pytest

from drills.settings import Settings, SettingsError, load_settings


@pytest.fixture(autouse=True)
def nothing_else(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and nothing in the environment."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"DRILLROOM_{name.upper()}", raising=False)
    return here


def test_everything_has_a_value_that_works() -> None:
    found = load_settings()
    assert (found.database, found.host, found.port, found.public_url) == ("drillroom.sqlite", "127.0.0.1", 8484, "")


def test_the_settings_that_the_guide_shows_are_all_there_are(here: Path) -> None:
    guide = Path(__file__).parents[2] / "docs" / "how-to" / "drill-room.md"
    [shown] = re.findall(r"^```toml\n(.*?)^```$", guide.read_text(encoding="utf-8"), re.M | re.S)
    (here / "drillroom.toml").write_text(shown, encoding="utf-8")
    found = load_settings()
    assert found.model_fields_set == set(Settings.model_fields)
    addresses = {"public_url": "https://drills.example.com", "internal_url": "http://10.0.0.5:8484"}
    assert found == Settings(**addresses), "what it shows otherwise is what holds anyway"


def test_options_go_before_the_environment_and_that_before_the_file(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "drillroom.toml").write_text('database = "file.sqlite"\nport = 1\nhost = "::1"\n')
    monkeypatch.setenv("DRILLROOM_DATABASE", "environment.sqlite")
    monkeypatch.setenv("DRILLROOM_PORT", "2")
    found = load_settings(port=3, database=None)
    assert (found.database, found.host, found.port) == ("environment.sqlite", "::1", 3)
    assert load_settings(public_url="").public_url == ""


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("https://drills.example.com", "https://drills.example.com"),
        ("https://drills.example.com/", "https://drills.example.com"),
        ("http://10.0.0.7:8484", "http://10.0.0.7:8484"),
        ("http://[fd00::7]:8484", "http://[fd00::7]:8484"),
        ("  ", ""),
    ],
)
def test_the_address_that_people_type(said: str, kept: str) -> None:
    assert load_settings(public_url=said).public_url == kept


@pytest.mark.parametrize(
    "said",
    [
        "drills.example.com", "ftp://drills.example.com", "https://", "https://drills.example.com/room", "https://a b",
        "https://ana@drills.example.com", "https://drills.example.com?x=1", "https://drills.example.com#x",
        "https://drills.example.com:99999", "https://drills.example.com:x", "javascript:alert(1)", "https://x\n.y", "https://[x",
    ],
)  # fmt: skip
def test_what_is_no_such_address(said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(public_url=said)
    expected = "must be the address that people type, without a path, such as https://drills.example.com"
    assert str(caught.value) == f"--public-url {expected}"


FILE: list[tuple[str, str]] = [
    ("port = 99999", "drillroom.toml: port must be from 0 to 65535"),
    ("port = -1", "drillroom.toml: port must be from 0 to 65535"),
    ('port = "http"', "drillroom.toml: port must be a whole number"),
    ("port = 1.5", "drillroom.toml: port must be a whole number"),
    ("host = 3", "drillroom.toml: host must be text"),
    ('database = ""', "drillroom.toml: database is empty"),
    ('databse = "x"', "drillroom.toml: databse is not a setting; did you mean database?"),
    ("colour = 1", "drillroom.toml: colour is not a setting; there are database, host, port, public_url"),
    ("[server]\nport = 1", "drillroom.toml: server is not a setting; there are database, host, port, public_url"),
    (
        "port 8080",
        "drillroom.toml is not valid TOML: Expected '=' after a key in a key/value pair (at line 1, column 6)",
    ),
    ("port = 1\nport = 2", "drillroom.toml is not valid TOML: Cannot overwrite a value"),
    ("x = " + "[" * 20_000, "drillroom.toml is not valid TOML: "),
    ("# " + "x" * 70_000, "drillroom.toml is larger than 64 kB; it holds a few lines"),
]


@pytest.mark.parametrize(("text", "why"), FILE, ids=[text[:24] for text, _ in FILE])
def test_what_is_wrong_in_the_file(here: Path, text: str, why: str) -> None:
    (here / "drillroom.toml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value).startswith(why)
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_read(here: Path) -> None:
    (here / "drillroom.toml").mkdir()
    with pytest.raises(SettingsError, match=r"drillroom\.toml cannot be read: is a directory"):
        load_settings()
    (here / "drillroom.toml").rmdir()
    (here / "drillroom.toml").write_bytes(b'host = "\xff"')
    with pytest.raises(SettingsError, match=r"drillroom\.toml is not UTF-8"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("DRILLROOM_PORT", "http", "DRILLROOM_PORT in the environment must be a whole number"),
        ("DRILLROOM_LEASE", "9", "DRILLROOM_LEASE in the environment must be from 0.5 to 5 seconds"),
        ("DRILLROOM_LEASE", "long", "DRILLROOM_LEASE in the environment must be a number"),
        ("DRILLROOM_INTERNAL_URL", "x", "DRILLROOM_INTERNAL_URL in the environment must be the address that "),
        ("DRILLROOM_PORT", "70000", "DRILLROOM_PORT in the environment must be from 0 to 65535"),
        (
            "DRILLROOM_PUBLIC_URL",
            "x",
            "DRILLROOM_PUBLIC_URL in the environment must be the address that people type, ",
        ),
        (
            "DRILLROOM_DATABSE",
            "x",
            "DRILLROOM_DATABSE in the environment is not a setting; did you mean DRILLROOM_DATABASE?",
        ),
        (
            "DRILLROOM_COLOUR",
            "x",
            "DRILLROOM_COLOUR in the environment is not a setting; there are DRILLROOM_DATABASE, ",
        ),
    ],
)
def test_what_is_wrong_in_the_environment(monkeypatch: pytest.MonkeyPatch, name: str, value: str, why: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value).startswith(why)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({"host": "10.0.0.5", "port": 9000}, "http://10.0.0.5:9000"),
        ({"host": "::1"}, "http://[::1]:8484"),
        ({"host": "::"}, f"http://{socket.gethostname()}:8484"),
        ({"internal_url": "http://one:8484/"}, "http://one:8484"),
    ],
)
@pytest.mark.usefixtures("here")
def test_where_other_servers_reach_this_one(given: dict[str, object], address: str) -> None:
    assert load_settings(**given).internal_address == address
