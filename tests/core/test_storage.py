"""Files in a private bucket, behind a real S3 server on loopback: kept, handed out by our view alone, deleted."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from nhipcau.core.storage import PrivateBucket
from nhipcau.newsroom.models import Download, Picture
from nhipcau.parties.models import User
from tests.core.test_inspection import PDF, picture
from tests.operation.processes import Elsewhere

BUCKET = "nhipcau-tep"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """The address of moto's server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        for _turn in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
        server.terminate()


@pytest.fixture
def bucket(endpoint: str, settings: Any) -> Iterator[Any]:
    """The product with its files in an empty bucket."""
    keys = {"aws_access_key_id": "khoa", "aws_secret_access_key": "bi-mat", "region_name": "ap-southeast-1"}
    client = boto3.client("s3", endpoint_url=endpoint, **keys)
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"})
    options = {
        "bucket_name": BUCKET, "endpoint_url": endpoint, "region_name": "ap-southeast-1", "access_key": "khoa",
        "secret_key": "bi-mat", "addressing_style": "path", "signature_version": "s3v4", "default_acl": "private",
        "file_overwrite": False,
    }  # fmt: skip
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "nhipcau.core.storage.PrivateBucket", "OPTIONS": options}
    }
    yield client
    for one in client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        client.delete_object(Bucket=BUCKET, Key=one["Key"])
    client.delete_bucket(Bucket=BUCKET)


def kept_in(bucket: Any) -> list[str]:
    return [one["Key"] for one in bucket.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def test_a_document_is_kept_handed_out_and_deleted(
    bucket: Any, administrator: User, sign_in: Callable[[User], Client]
) -> None:
    client = sign_in(administrator)
    kept = Download.objects.create(title="Thông cáo", file=ContentFile(PDF, "a.pdf"))
    assert isinstance(kept.file.storage._wrapped, PrivateBucket)
    assert kept_in(bucket) == [kept.file.name]
    answer = client.get(kept.url)
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, PDF)  # type: ignore[attr-defined]
    assert answer["Content-Security-Policy"].endswith("sandbox")
    assert "Location" not in answer
    kept.file.delete()
    assert kept_in(bucket) == []
    again = Download.objects.create(title="Thông cáo", file=ContentFile(PDF, "a.pdf"))
    bucket.delete_object(Bucket=BUCKET, Key=again.file.name)
    assert client.get(again.url).status_code == 404


def test_an_address_is_ours_and_never_the_buckets(bucket: Any, db: None, endpoint: str) -> None:
    kept = Picture.objects.create(title="Ảnh", file=ContentFile(picture(), "họp báo.jpg"))
    shown = kept.get_rendition("width-20")
    assert shown.url.startswith("/files/images/")
    assert endpoint not in shown.url
    assert len(kept_in(bucket)) == 2
    assert default_storage.exists(shown.file.name)
    acl = bucket.get_object_acl(Bucket=BUCKET, Key=kept.file.name)
    assert [grant["Grantee"].get("URI") for grant in acl["Grants"]] == [None]  # the owner alone


def test_evidence_is_handed_out_of_the_bucket_to_who_may(
    bucket: Any, sign_in: Callable[[User], Client], officer_hmc: User, outsider: User
) -> None:
    from nhipcau.core import uploads
    from nhipcau.evidence.services import attach_file
    from tests import makers

    upload = uploads.Upload("bien-ban.pdf", uploads.PDF, PDF, len(PDF), "0" * 64)
    row = makers.make_evidence()
    kept = attach_file(evidence=row, upload=upload, by=officer_hmc, at=makers.NOW)
    address = f"/ban/minh-chung/tep/{kept.pk}/{kept.sha256[:16]}/"
    from django.urls import reverse

    address = reverse("evidence:attachment", args=[kept.pk, kept.sha256[:16]])
    answer = sign_in(officer_hmc).get(address)
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert sign_in(outsider).get(address).status_code == 404
    assert Client().get(address).status_code == 302


@pytest.mark.database
@pytest.mark.timeout(900)
def test_what_a_bucket_kept_comes_back_into_an_empty_one(bucket: Any, endpoint: str, db: None, tmp_path: Path) -> None:
    """Small files, one too large for memory and one sent in parts: the same bytes, under the same names."""
    kept = {
        "thu/biên bản.txt": b"Bien ban",
        "thu/rong.txt": b"",
        "anh/lon.bin": os.urandom(9 * 1024 * 1024),
        "anh/vua.bin": os.urandom(300_000),
    }
    where = {
        "NHIPCAU_S3_BUCKET": BUCKET, "NHIPCAU_S3_ENDPOINT": endpoint, "NHIPCAU_S3_REGION": "ap-southeast-1",
        "NHIPCAU_S3_KEY": "khoa", "NHIPCAU_S3_SECRET": "bi-mat",
    }  # fmt: skip
    with Elsewhere(tmp_path, "source") as source, Elsewhere(tmp_path, "target") as target:
        assert source.manage("migrate", "--noinput", "--verbosity", "0").returncode == 0
        for name, content in kept.items():
            assert default_storage.save(name, ContentFile(content)) == name
        made = source.manage("backup", str(tmp_path / "backups"), **where)
        assert made.returncode == 0, made.stderr
        for name in kept:
            bucket.delete_object(Bucket=BUCKET, Key=name)
        (archive,) = (tmp_path / "backups").iterdir()
        told = target.manage("restore", str(archive), **where)
        assert (told.returncode, told.stderr) == (0, "")
    assert sorted(kept_in(bucket)) == sorted(kept)
    assert {name: bucket.get_object(Bucket=BUCKET, Key=name)["Body"].read() for name in kept} == kept


@pytest.mark.parametrize(
    ("given", "sentence"),
    [({"NHIPCAU_S3_KEY": "a"}, "go together"), ({"NHIPCAU_S3_KEY": "a", "NHIPCAU_S3_SECRET": "b"}, "PrivateBucket")],
)
def test_the_setting_chooses_the_bucket(given: dict[str, str], sentence: str, tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "NHIPCAU_DATA": str(tmp_path), "NHIPCAU_S3_BUCKET": BUCKET} | given
    ran = subprocess.run(
        [sys.executable, "-c", "from nhipcau.config.settings import STORAGES; print(STORAGES['default'])"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert sentence in ran.stdout + ran.stderr
