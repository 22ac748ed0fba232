"""What lies in deploy/ is read by the programs it is for."""

import shutil
import subprocess
from pathlib import Path

import pytest

from nhipcau.config.environment import must_make_sense
from tests.operation.processes import ROOT

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


def test_nginx_reads_its_configuration(tmp_path: Path) -> None:
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin:/opt/homebrew/bin")
    assert nginx, "nginx was not found: script/setup --dev installs it"
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
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
        ("/var/log/nginx/nhipcau.log", tmp_path / "log"),
    ):
        site = site.replace(there, str(here))
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid;\nerror_log {tmp_path}/error;\nevents {{}}\nhttp {{\n{site}\n}}\n")
    told = subprocess.run([nginx, "-t", "-c", whole], check=False, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
