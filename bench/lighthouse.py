"""Serve a site of real data and let Lighthouse judge its pages; prints the medians, a page a line."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.measure import ROOT, ask, served

CATEGORIES = {"performance": 95, "accessibility": 98, "best-practices": 98, "seo": 98}
FLAGS = "--headless=new --no-sandbox --disable-dev-shm-usage"


def judged(program: str, address: str, folder: Path) -> dict[str, Any]:
    """One run on a phone (Lighthouse's own profile: Moto G Power, slow 4G, a processor four times slower)."""
    report = folder / "report.json"
    subprocess.run(
        [program, address, "--quiet", "--output=json", f"--output-path={report}", f"--chrome-flags={FLAGS}",
         f"--only-categories={','.join(CATEGORIES)}", "--form-factor=mobile"],
        check=True, env={**os.environ, "CHROME_PATH": shutil.which("chromium") or ""}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(report.read_text())
    return found


def failing(report: dict[str, Any]) -> set[str]:
    """The names of what cost points."""
    weighed = {
        ref["id"] for category in report["categories"].values() for ref in category["auditRefs"] if ref["weight"]
    }
    return {
        name
        for name in weighed
        if (report["audits"][name]["score"] or 0) < 0.9 and report["audits"][name]["score"] is not None
    }


def main() -> int:
    """Judge home, article, event and registration; 1 when one of them falls short."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lighthouse")
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args()
    short: list[str] = []
    with tempfile.TemporaryDirectory(prefix="nhipcau-lighthouse-") as name:
        folder = Path(name)
        environment = {
            **os.environ,
            "NHIPCAU_DATA": str(folder / "data"),
            "NHIPCAU_SECRET_KEY": secrets.token_urlsafe(48),
            "NHIPCAU_STATIC": str(folder / "static"),
            "DJANGO_SETTINGS_MODULE": "nhipcau.config.settings",
            "PYTHONPATH": str(ROOT),
        }

        def python(*words: str) -> str:
            return subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE,
                                  text=True).stdout  # fmt: skip

        python("manage.py", "migrate", "-v", "0")
        python("manage.py", "collectstatic", "--no-input", "-v", "0")
        pages: dict[str, str] = json.loads(python("-m", "bench.scene").splitlines()[-1])
        print(f"{'':14}{''.join(f'{category:>16}' for category in CATEGORIES)}   kB   what cost points")
        with served("nhipcau.config.wsgi:application", environment, 2) as (port, _pid, _start):
            for page, path in pages.items():
                ask(port, "GET", path)
                runs = [
                    judged(chosen.lighthouse, f"http://127.0.0.1:{port}{path}", folder) for _n in range(chosen.runs)
                ]
                scores = {
                    category: statistics.median(round(run["categories"][category]["score"] * 100) for run in runs)
                    for category in CATEGORIES
                }
                weight = runs[0]["audits"]["total-byte-weight"]["numericValue"] / 1000
                costly = sorted(set.intersection(*(failing(run) for run in runs)))
                print(
                    f"{page:14}{''.join(f'{score:16.0f}' for score in scores.values())} {weight:4.0f}   {', '.join(costly)}"
                )
                short += [f"{page}: {category} {score:.0f}" for category, score in scores.items()
                          if score < CATEGORIES[category]]  # fmt: skip
    for sentence in short:
        print(f"FAILED: {sentence}, {CATEGORIES[sentence.split(': ')[1].rpartition(' ')[0]]} at least")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
