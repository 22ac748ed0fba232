"""What lies in deploy/ is read by the programs it is for."""

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from nhipcau.config.environment import must_make_sense
from tests.operation.processes import ROOT, environment, free_port, manage

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())


def _example(**changed: str) -> dict[str, str]:
    lines = [line.lstrip("#") for line in (DEPLOY / "nhipcau.env").read_text().splitlines()]
    return dict(line.split("=", 1) for line in lines if re.match(r"[A-Z0-9_]+=", line)) | changed


def test_the_example_of_the_environment_is_sound(tmp_path: Path) -> None:
    must_make_sense(
        _example(NHIPCAU_DATA=str(tmp_path), NHIPCAU_BACKUPS=str(tmp_path), NHIPCAU_ERASURES=str(tmp_path / "erasures"))
    )


@pytest.mark.parametrize("by", ["worker", "timer"])
@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: unit.stem)
def test_what_the_units_leave_writable_is_what_the_settings_ask_for(
    unit: Path, by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything else of the machine is read-only to a service; the folders are those of the example, moved aside."""
    (declared,) = re.findall(r"^ReadWritePaths=(.*)$", unit.read_text(), re.MULTILINE)
    writable = [tmp_path / path.removeprefix("-").lstrip("/") for path in declared.split()]
    example = _example(NHIPCAU_BACKUPS_BY=by)
    folders = {name: tmp_path / example[name].lstrip("/") for name in ("NHIPCAU_DATA", "NHIPCAU_BACKUPS")}
    for folder in folders.values():
        folder.mkdir(parents=True)
    really = os.access

    def access(path: Path, mode: int) -> bool:
        return really(path, mode) and (not mode & os.W_OK or any(path.is_relative_to(one) for one in writable))

    monkeypatch.setattr(os, "access", access)
    values = example | {name: str(folder) for name, folder in folders.items()}
    values["NHIPCAU_ERASURES"] = str(tmp_path / example["NHIPCAU_ERASURES"].lstrip("/"))
    must_make_sense(values)
    # A folder not yet made is told, and the guide says how to make it.
    folders["NHIPCAU_BACKUPS"].rmdir()
    if by == "worker":
        monkeypatch.setattr(os, "access", lambda path, mode: path in folders.values() and access(path, mode))
        with pytest.raises(ImproperlyConfigured, match=r"NHIPCAU_BACKUPS: .* cannot be read and written"):
            must_make_sense(values)
    guide = (ROOT / "docs" / "operators.md").read_text()
    assert f"install -d -o nhipcau -g nhipcau -m 700 {example['NHIPCAU_BACKUPS']}" in guide


def test_systemd_reads_the_units(tmp_path: Path) -> None:
    """Every key and every time of them; the programs they name are taken from here."""
    for unit in UNITS:
        words = unit.read_text()
        (tmp_path / unit.name).write_text(words.replace("/opt/nhipcau/.venv/bin", str(Path(sys.executable).parent)))
        if unit.suffix == ".service":
            for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "UMask=0077", "RestartPreventExitStatus=2"):
                assert line in words
    units = sorted(tmp_path.iterdir())
    read = subprocess.run([_program("systemd-analyze"), "verify", *units], check=False, capture_output=True, text=True)
    ours = [line for line in read.stderr.splitlines() if "nhipcau" in line]
    assert (read.returncode, ours) == (0, [])


def _nginx(folder: Path, *, http: int, https: int, web: int) -> list[str | Path]:
    """The nginx with the configuration as it lies in deploy/, with a certificate, ports and a log of the test's own."""
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
        ("/var/log/nginx/nhipcau-error.log", folder / "site-error"),
        ("listen 80;", f"listen 127.0.0.1:{http};"),
        ("listen [::]:80;", ""),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{https} ssl;"),
        ("listen [::]:443 ssl http2;", ""),
        ("proxy_pass http://127.0.0.1:8000;", f"proxy_pass http://127.0.0.1:{web};"),
    ):
        assert there in site
        site = site.replace(there, str(here))
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = folder / "nginx.conf"
    whole.write_text(
        f"daemon off;\npid {folder}/pid;\nerror_log {folder}/error;\nevents {{}}\nhttp {{\naccess_log {folder}/others;\n{places}{site}\n}}\n"
    )
    return [_program("nginx"), "-c", whole]


def _caddy(folder: Path, *, http: int, https: int, web: int) -> list[str | Path]:
    """Caddy with the configuration as it lies in deploy/; the certificate is of its own making, nobody is asked for one."""
    site = (DEPLOY / "Caddyfile").read_text()
    assert "127.0.0.1:8000" in site
    whole = folder / "Caddyfile"
    whole.write_text(
        f"{{\n\tadmin off\n\tlocal_certs\n\tskip_install_trust\n\tdefault_bind 127.0.0.1\n\thttp_port {http}\n\thttps_port {https}\n"
        f"\tstorage file_system {folder}/caddy\n}}\n" + site.replace("127.0.0.1:8000", f"127.0.0.1:{web}")
    )
    return [_program("caddy"), "run", "--config", whole, "--adapter", "caddyfile"]


def _program(name: str) -> str:
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin:/opt/homebrew/bin")
    assert found, f"{name} was not found: script/setup --dev installs it"
    return found


class _Line(http.client.HTTPSConnection):
    """HTTPS to this machine under the name the site will have."""

    def connect(self) -> None:
        plain = socket.create_connection((self.host, self.port), self.timeout)
        self.sock = TRUSTING.wrap_socket(plain, server_hostname=SITE)


SITE = "nhipcau.example.vn"
# Both certificates are made in the test; that the browser trusts the real one is Let's Encrypt's business.
TRUSTING = ssl.create_default_context()
TRUSTING.check_hostname, TRUSTING.verify_mode = False, ssl.CERT_NONE


@contextmanager
def _running(
    *words: str | Path, port: int, data: Path | None = None, said: IO[str] | None = None, **more: str
) -> Iterator[None]:
    process = subprocess.Popen(words, cwd=ROOT, env=environment(data, **more) if data else None, stderr=said)
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


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a web process as it stands behind a proxy."""
    data, port = tmp_path_factory.mktemp("data"), free_port()
    assert manage("migrate", "--verbosity", "0", data=data).returncode == 0
    granian = (
        Path(sys.executable).parent / "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "2", "--no-ws",
        "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning", "nhipcau.config.wsgi:application",
    )  # fmt: skip
    own: dict[str, Any] = {
        "NHIPCAU_BASE_URL": f"https://{SITE}",
        "NHIPCAU_HOSTS": SITE,
        "NHIPCAU_PROXIES": "1",
        "DJANGO_SETTINGS_MODULE": "tests.crashes.settings",  # no style has to be collected first
    }
    with _running(*granian, port=port, data=data, **own):
        yield port


def _ask(port: int, path: str, *, secure: bool = True) -> http.client.HTTPResponse:
    line = (_Line if secure else http.client.HTTPConnection)("127.0.0.1", port, timeout=60)
    line.request("GET", path, headers={"Host": SITE})
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer


@pytest.mark.parametrize("proxy", [_nginx, _caddy], ids=["nginx", "caddy"])
def test_no_log_tells_a_token_when_the_product_does_not_answer(
    proxy: Callable[..., list[str | Path]], tmp_path: Path
) -> None:
    plain, secure = free_port(), free_port()
    in_front = proxy(tmp_path, http=plain, https=secure, web=free_port())
    with (tmp_path / "said").open("w") as said, _running(*in_front, port=secure, said=said):
        assert _ask(secure, "/ma/bi-mat/").status == 502
        assert _ask(secure, "/tim-kiem/?q=bi-mat").status == 502
        assert _ask(plain, "/ma/bi-mat/?q=bi-mat", secure=False).status in {301, 308}
    told = {path.name: path.read_text(errors="replace") for path in tmp_path.iterdir() if path.is_file()}
    assert [name for name, text in told.items() if "bi-mat" in text] == []
    if proxy is _nginx:
        assert '"GET /ma/..." 502' in told["log"]
        assert '"GET /ma/..." 301' in told["log"]


def _at_once(port: int, *paths: str) -> list[tuple[int, str]]:
    """The answers to requests sent fifty at a time without waiting, each as status and the rest."""
    came = b""
    with TRUSTING.wrap_socket(socket.create_connection(("127.0.0.1", port), 60), server_hostname=SITE) as line:
        for first in range(0, len(paths), 50):
            asked = "".join(f"GET {path} HTTP/1.1\r\nHost: {SITE}\r\n\r\n" for path in paths[first : first + 50])
            line.sendall(asked.encode())
            while came.count(b"HTTP/1.1 ") < min(first + 50, len(paths)) or not came.endswith(
                (b"</html>\r\n", b"seconds.\n")
            ):
                came += line.recv(65536)
    return [(int(one[:3]), one) for one in came.decode().split("HTTP/1.1 ")[1:]]


def test_nginx_lets_a_hall_through_and_no_flood(tmp_path: Path) -> None:
    secure = free_port()
    # Nobody stands behind it: 502 is what was let through.
    with _running(*_nginx(tmp_path, http=free_port(), https=secure, web=free_port()), port=secure):
        for _guest in range(300):
            first_page = _at_once(secure, "/dang-ky/toa-dam/", *(f"/static/{number}.css" for number in range(5)))
            assert [status for status, _rest in first_page] == [502] * 6
        flood = [answer for _line in range(3) for answer in _at_once(secure, *["/tim-kiem/"] * 900)]
        refused = [rest for status, rest in flood if status == 429]
        assert {status for status, _rest in flood} == {502, 429}
        assert all("Retry-After: 10\r\n" in rest and "Xin thử lại sau ít giây." in rest for rest in refused)
        # Who is in the same hall still gets what a page is dressed in.
        assert [status for status, _rest in _at_once(secure, *["/tim-kiem/"] * 200, "/static/a.css")][-1] == 502


def test_proxies_let_through_what_the_product_takes_and_the_guide_says_so() -> None:
    megabyte = 1024 * 1024
    (nginx,) = re.findall(r"client_max_body_size (\d+)m;", (DEPLOY / "nginx.conf").read_text())
    (caddy,) = re.findall(r"max_size (\d+)MiB\n", (DEPLOY / "Caddyfile").read_text())
    guide = (ROOT / "docs" / "operators.md").read_text()
    picture = settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE // megabyte
    assert max(settings.MAX_UPLOAD_BYTES, settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE) + megabyte <= int(nginx) * megabyte
    assert nginx == caddy
    assert re.search(
        rf"Files may have {settings.MAX_UPLOAD_BYTES // megabyte} MB, pictures of the newsroom {picture} MB: .{{,40}}\s"
        rf"through {nginx} MB \(nginx: `client_max_body_size {nginx}m`; Caddy: `max_size {caddy}MiB`\)",
        guide,
    )


@pytest.mark.timeout(600)
@pytest.mark.parametrize("proxy", [_nginx, _caddy], ids=["nginx", "caddy"])
def test_a_request_comes_in_by_https(proxy: Callable[..., list[str | Path]], web: int, tmp_path: Path) -> None:
    plain, secure = free_port(), free_port()
    in_front = proxy(tmp_path, http=plain, https=secure, web=web)

    def ask(path: str, *, by: int = secure) -> http.client.HTTPResponse:
        return _ask(by, path, secure=by == secure)

    with _running(*in_front, port=secure):
        moved = ask("/lich/", by=plain)
        assert moved.status in {301, 308}
        assert moved.headers["Location"] == f"https://{SITE}/lich/"
        front = ask("/robots.txt")
        assert (front.status, front.headers["Set-Cookie"]) == (200, None)
        assert front.headers["Strict-Transport-Security"].startswith("max-age=")
        entrance = ask("/tai-khoan/login/")
        assert entrance.status == 200
        assert "Secure" in entrance.headers["Set-Cookie"]
        assert ask("/metrics").status in {403, 404}
        assert ask("/health/live").status == 200
        for path in ("/ma/bi-mat/", "/vao/bi-mat/", "/en/rieng-tu/du-lieu-cua-toi/bi-mat/"):
            assert ask(path).status == 404
    if proxy is _nginx:  # Caddy keeps no log unless told to
        log = (tmp_path / "log").read_text()
        assert "bi-mat" not in log
        assert '"GET /vao/..."' in log
        # One id from the proxy's log to the answer.
        assert entrance.headers["X-Request-ID"] in log
