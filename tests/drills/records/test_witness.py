"""Who outside saw a log: a commit that a remote has, a time stamp by an authority that is trusted; nothing less."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from drills.records.witness import WitnessError, certificates, seen_from_outside
from tests.support.extent import FULL

GIT, OPENSSL = shutil.which("git"), shutil.which("openssl")
QUIET = {
    **os.environ,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "Ana",
    "GIT_AUTHOR_EMAIL": "ana@example.org",
    "GIT_COMMITTER_NAME": "Ana",
    "GIT_COMMITTER_EMAIL": "ana@example.org",
    "GIT_COMMITTER_DATE": "2026-03-31T12:00:00+00:00",
}


def ran(*words: str | Path, within: Path) -> None:
    done = subprocess.run([str(word) for word in words], cwd=within, env=QUIET, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.skipif(GIT is None and not FULL, reason="git is not here")
def test_a_commit_counts_once_it_was_pushed_and_for_the_file_as_it_is(tmp_path: Path) -> None:
    git = GIT or "git"
    here, there = tmp_path / "here", tmp_path / "there.git"
    here.mkdir()
    log = here / "log.jsonl"
    log.write_bytes(b"sealed\n")
    assert seen_from_outside(log, b"sealed\n") is None
    ran(git, "init", "-q", "-b", "main", here, within=tmp_path)
    ran(git, "init", "-q", "--bare", there, within=tmp_path)
    ran(git, "add", "log.jsonl", within=here)
    ran(git, "commit", "-q", "-m", "a drill", within=here)
    assert seen_from_outside(log, b"sealed\n") is None, "it is only here"
    ran(git, "remote", "add", "origin", there, within=here)
    ran(git, "push", "-q", "origin", "main", within=here)
    found = seen_from_outside(log, b"sealed\n")
    assert found is not None
    assert found.way == "git"
    assert found.says.startswith("commit ")
    assert found.says.endswith("of 2026-03-31T12:00:00+00:00, pushed to origin/main")
    assert seen_from_outside(log, b"sealed and more\n") is None, "the commit has another"
    ran(git, "rm", "-q", "--cached", "log.jsonl", within=here)
    ran(git, "commit", "-q", "-m", "gone", within=here)
    assert seen_from_outside(log, b"sealed\n") == found, "that it went later does not undo that it was seen"


AUTHORITY = """\
[ req ]
distinguished_name = name
prompt = no
[ name ]
CN = {name}
[ ca ]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[ stamps ]
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[ tsa ]
default_tsa = here
[ here ]
serial = {folder}/serial
signer_cert = {folder}/stamps.pem
signer_key = {folder}/stamps.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


class Authority:
    """A time stamping authority, by OpenSSL."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir()
        self.folder, self.root = folder, folder / "ca.pem"
        self.config = folder / "authority.cnf"
        self.config.write_text(AUTHORITY.format(name=name, folder=folder))
        (folder / "serial").write_text("01\n")
        new = ("req", "-new", "-newkey", "rsa:2048", "-nodes", "-config", self.config)
        self.ran(*new, "-x509", "-days", "30", "-extensions", "ca", "-keyout", "ca.key", "-out", "ca.pem")
        self.ran(*new, "-subj", f"/CN={name} stamps", "-keyout", "stamps.key", "-out", "stamps.csr")
        signing = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30")
        extra = ("-extfile", self.config, "-extensions", "stamps")
        self.ran("x509", "-req", "-in", "stamps.csr", *signing, *extra, "-out", "stamps.pem")

    def ran(self, *words: str | Path) -> None:
        ran(OPENSSL or "openssl", *words, within=self.folder)

    def stamp(self, file: Path) -> None:
        """Put a time stamp beside a file."""
        self.ran("ts", "-query", "-data", file, "-sha256", "-cert", "-out", "asked.tsq")
        stamp = file.with_name(f"{file.name}.tsr")
        self.ran("ts", "-reply", "-config", self.config, "-queryfile", "asked.tsq", "-out", stamp)


@pytest.mark.skipif(OPENSSL is None and not FULL, reason="OpenSSL's program is not here")
def test_a_time_stamp_counts_if_its_authority_is_trusted(tmp_path: Path) -> None:
    trusted, other = Authority(tmp_path / "trusted", "Trusted"), Authority(tmp_path / "other", "Other")
    log = tmp_path / "log.jsonl"
    log.write_bytes(b"sealed\n")
    roots, others = certificates(trusted.root), certificates(other.root)
    assert seen_from_outside(log, b"sealed\n", roots) is None
    trusted.stamp(log)
    assert seen_from_outside(log, b"sealed\n") is None, "nobody said whom to trust"
    found = seen_from_outside(log, b"sealed\n", [*others, *roots])
    assert found is not None
    assert found.way == "RFC 3161"
    assert found.says.startswith("stamped 20")
    with pytest.raises(WitnessError, match=r"log\.jsonl\.tsr does not stamp log\.jsonl as it is: mismatch"):
        seen_from_outside(log, b"sealed and more\n", roots)
    with pytest.raises(WitnessError, match="does not stamp"):
        seen_from_outside(log, b"sealed\n", others)
    (tmp_path / "log.jsonl.tsr").write_bytes(b"nothing")
    with pytest.raises(WitnessError, match="is not the answer of a time stamping authority"):
        seen_from_outside(log, b"sealed\n", roots)


def test_a_certificate_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "it.pem").write_text("nothing")
    with pytest.raises(WitnessError, match=r"it\.pem cannot be read: it is not a certificate in PEM form"):
        certificates(tmp_path / "it.pem")
    with pytest.raises(WitnessError, match=r"no\.pem cannot be read: no such file"):
        certificates(tmp_path / "no.pem")
