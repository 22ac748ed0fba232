"""What lies in deploy/ is read by the programs it is for."""

import http.client
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nhipcau.config.environment import must_make_sense
from tests.operation.processes import ROOT, environment, free_port, manage

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())


def test_the_example_of_the_environment_is_sound(tmp_path: Path) -> None:
    lines = [line.lstrip("#") for line in (DEPLOY / "nhipcau.env").read_text().splitlines() if "=" in line]
    values = dict(line.split("=", 1) for line in lines) | {"NHIPCAU_DATA": str(tmp_path)}
    must_make_sense(values)


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_units_name_no_key_systemd_does_not_know(unit: Path) -> None:
    known = {"[Unit]", "[Service]", "[Timer]", "[Install]"}
    assert {line for line in unit.read_text().splitlines() if line.startswith("[")} <= known
    if unit.suffix == ".service":
        words = unit.read_text()
        for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "UMask=0077", "RestartPreventExitStatus=2"):
            assert line in words


def _site(folder: Path, *, http: int, https: int, web: int) -> Path:
    """The configuration as it lies in deploy/, with a certificate, ports and a log of the test's own."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=nhipcau.example.vn",
         "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    live = "/etc/letsencrypt/live/nhipcau.example.vn"
    site = (DEPLOY / "nginx.conf").read_text()
    for there, here in (
        (f"{live}/fullchain.pem", certificate),
        (f"{live}/privkey.pem", key),
        ("/var/log/nginx/nhipcau.log", folder / "log"),
        ("listen 80;", f"listen 127.0.0.1:{http};"),
        ("listen [::]:80;", ""),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{https} ssl;"),
        ("listen [::]:443 ssl http2;", ""),
        ("http://127.0.0.1:8000;", f"http://127.0.0.1:{web};"),
    ):
        assert there in site
        site = site.replace(there, str(here))
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = folder / "nginx.conf"
    whole.write_text(
        f"daemon off;\npid {folder}/pid;\nerror_log {folder}/error;\nevents {{}}\nhttp {{\n{places}{site}\n}}\n"
    )
    return whole


def _nginx() -> str:
    found = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin:/opt/homebrew/bin")
    assert found, "nginx was not found: script/setup --dev installs it"
    return found


@contextmanager
def _running(*words: str | Path, port: int, data: Path | None = None, **more: str) -> Iterator[None]:
    process = subprocess.Popen(words, cwd=ROOT, env=environment(data, **more) if data else None)
    try:
        for _attempt in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, f"{words[0]} ended"
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


@pytest.mark.timeout(600)
def test_a_request_comes_in_by_https_through_nginx(tmp_path: Path) -> None:
    plain, secure, web = free_port(), free_port(), free_port()
    whole, data = _site(tmp_path, http=plain, https=secure, web=web), tmp_path / "data"
    data.mkdir()
    assert manage("migrate", "--verbosity", "0", data=data).returncode == 0
    believing = ssl.create_default_context(cafile=str(tmp_path / "certificate.pem"))
    believing.check_hostname = False

    def ask(path: str, *, by: int = secure) -> http.client.HTTPResponse:
        line = (
            http.client.HTTPSConnection("127.0.0.1", by, timeout=60, context=believing)
            if by == secure
            else http.client.HTTPConnection("127.0.0.1", by, timeout=60)
        )
        line.request("GET", path, headers={"Host": "nhipcau.example.vn"})
        answer = line.getresponse()
        answer.read()
        line.close()
        return answer

    granian = (
        Path(sys.executable).parent / "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "2", "--no-ws",
        "--host", "127.0.0.1", "--port", str(web), "--log-level", "warning", "nhipcau.config.wsgi:application",
    )  # fmt: skip
    settings = {
        "NHIPCAU_BASE_URL": "https://nhipcau.example.vn",
        "NHIPCAU_HOSTS": "nhipcau.example.vn",
        "NHIPCAU_PROXIES": "1",
        "DJANGO_SETTINGS_MODULE": "tests.crashes.settings",  # no style has to be collected first
    }
    with (
        _running(*granian, port=web, data=data, **settings),
        _running(_nginx(), "-c", whole, port=secure),
    ):
        moved = ask("/lich/", by=plain)
        assert (moved.status, moved.headers["Location"]) == (301, "https://nhipcau.example.vn/lich/")
        front = ask("/robots.txt")
        assert (front.status, front.headers["Set-Cookie"]) == (200, None)
        assert front.headers["Strict-Transport-Security"].startswith("max-age=")
        entrance = ask("/tai-khoan/login/")
        assert entrance.status == 200
        assert "Secure" in entrance.headers["Set-Cookie"]
        assert ask("/metrics").status == 403
        assert ask("/health/live").status == 200
        for path in ("/ma/bi-mat/", "/vao/bi-mat/", "/en/rieng-tu/du-lieu-cua-toi/bi-mat/"):
            assert ask(path).status == 404
    log = (tmp_path / "log").read_text()
    assert "bi-mat" not in log
    assert '"GET /vao/..."' in log
    # One id from the proxy's log to the answer.
    assert entrance.headers["X-Request-ID"] in log
