"""Two servers behind nginx, as the guide says: docs/how-to/deploy/nginx.conf is what runs here, on other ports."""

import asyncio
import random
import shutil
import signal
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.drills.command_line import ROOT
from tests.drills.server import serving
from tests.drills.servers.fleet import SOON, Client, Fleet, Listener, Node, free_port, until
from tests.support.extent import FULL

DEPLOY = ROOT / "docs/how-to/deploy"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
FRAME = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log warn;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{server}
}}
"""


@asynccontextmanager
async def proxied(folder: Path, ports: list[int]) -> AsyncIterator[Node]:
    """Nginx in front of servers on these ports, by the file that the guide names."""
    port = free_port()
    server = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for said, used in (("127.0.0.1:8484", ports[0]), ("127.0.0.1:8485", ports[1])):
        assert server.count(said) == 1
        server = server.replace(said, f"127.0.0.1:{used}")
    server = server.replace("listen 8080;", f"listen 127.0.0.1:{port};")
    config = folder / "nginx.conf"
    config.write_text(FRAME.format(folder=folder, server=server), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(str(NGINX), "-p", str(folder), "-c", str(config))
    try:
        async with asyncio.timeout(SOON), httpx.AsyncClient() as http:
            while not await answers(http, f"http://127.0.0.1:{port}/health"):
                await asyncio.sleep(0.02)
        yield Node(port, "")
    finally:
        process.terminate()
        await process.wait()


async def answers(http: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await http.get(url)).status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.skipif(NGINX is None and not FULL, reason="needs nginx")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP] if FULL else [signal.SIGKILL])
def test_behind_nginx_people_notice_little_of_a_server_that_goes(tmp_path: Path, postgresql: str, number: int) -> None:
    async def played() -> None:
        fleet = Fleet.of(tmp_path, postgresql)
        [drill] = await fleet.prepare(1)
        try:
            for node in fleet.nodes:
                await fleet.start(node)
            async with proxied(tmp_path, [node.port for node in fleet.nodes]) as proxy, httpx.AsyncClient() as http:
                rng = random.Random(3)  # noqa: S311 - no secrets
                client = Client(fleet, drill, "facilitator", rng, patience=20.0)
                await client.come_in(http, proxy)
                for count in range(4):  # in turns, one and the other
                    assert await client.sent(http, proxy, f"before {count}")
                listener = Listener(client)
                listening = asyncio.create_task(listen(listener, http, proxy))
                await until(lambda: len(listener.seen) > 4)
                first = await fleet.held(drill)
                first.signal(number)
                await fleet.held(drill, but=first)
                async with asyncio.timeout(SOON):
                    while not await client.sent(http, proxy, "after"):
                        await asyncio.sleep(0.1)
                place = client.done["after"] or 0
                await until(lambda: listener.seen[-1]["seq"] >= place)
                pages = [await client_page(client, http, proxy) for _ in range(4)]
                assert pages == [200] * 4
                listening.cancel()
        finally:
            await fleet.close()
        events = fleet.logs([drill])[drill]
        client.check(events)
        listener.check(events)

    asyncio.run(played())


async def listen(listener: Listener, http: httpx.AsyncClient, proxy: Node) -> None:
    """Listen by the proxy, and come back as a browser does."""
    while True:
        await listener.listen(http, proxy)
        await asyncio.sleep(0.1)


async def client_page(client: Client, http: httpx.AsyncClient, proxy: Node) -> int:
    cookie = "; ".join(f"{key}={value}" for key, value in client.cookies.items())
    answer = await http.get(f"{proxy.url}/d/{client.drill}", headers={"Cookie": cookie}, timeout=SOON)
    return answer.status_code


def test_the_compose_file_is_yaml_that_says_what_the_settings_are_called() -> None:
    """It is read, and not run: the guide says so."""
    from drills.settings import PREFIX, Settings

    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    assert set(found["services"]) == {"database", "one", "two", "proxy"}
    for name in ("one", "two"):
        said = found["services"][name]["environment"]
        assert {key.removeprefix(PREFIX).lower() for key in said} <= set(Settings.model_fields)
        assert said["DRILLROOM_INTERNAL_URL"] == f"http://{name}:8484"
    assert (ROOT / found["services"]["one"]["build"]["dockerfile"]).exists()
    assert "Not tried as it is" in text


@pytest.mark.skipif(NGINX is None and not FULL, reason="needs nginx")
def test_one_server_behind_nginx_with_tls_takes_its_own_links_and_forms(tmp_path: Path) -> None:
    """nginx-tls.conf as it is, with another certificate, and ports that anybody may listen on."""
    key, certificate, port, plain = tmp_path / "a.key", tmp_path / "a.pem", free_port(), free_port()
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    with serving(tmp_path, public_url=f"https://localhost:{port}") as place:
        server = (DEPLOY / "nginx-tls.conf").read_text(encoding="utf-8")
        for said, used in (
            ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
            ("listen 80;", f"listen 127.0.0.1:{plain};"),
            ("ssl_certificate /etc/ssl/drills.example.com.pem;", f"ssl_certificate {certificate};"),
            ("ssl_certificate_key /etc/ssl/drills.example.com.key;", f"ssl_certificate_key {key};"),
            ("http://127.0.0.1:8484", place.base),
        ):
            assert server.count(said) == 1, said
            server = server.replace(said, used)
        config = tmp_path / "nginx.conf"
        config.write_text(FRAME.format(folder=tmp_path, server=server.replace("drills.example.com", "localhost")))
        nginx = subprocess.Popen([str(NGINX), "-p", str(tmp_path), "-c", str(config)])
        try:
            trusted = ssl.create_default_context(cafile=str(certificate))
            transport = httpx.HTTPTransport(verify=trusted, retries=8)
            with httpx.Client(base_url=f"https://localhost:{port}", transport=transport, timeout=20) as browser:
                entered = browser.get(place.owner_link)
                assert (entered.status_code, entered.url.scheme) == (303, "https")
                assert "secure" in entered.headers["set-cookie"].lower()
                form = {"name": "Olga"}
                named = browser.post("/me/name", data=form, headers={"origin": f"https://localhost:{port}"})
                assert named.status_code == 303, named.text
                assert (
                    browser.post("/me/name", data=form, headers={"origin": "https://evil.example"}).status_code == 403
                )
            moved = httpx.get(f"http://127.0.0.1:{plain}/x", headers={"host": "localhost"})
            assert (moved.status_code, moved.headers["location"]) == (301, "https://localhost/x")
        finally:
            nginx.terminate()
            nginx.wait()
