"""Documents come from files: any other kind of path is rejected with a message, at once and without reading on."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path

import pytest

from polar_contract import documents
from polar_contract.documents import MOST_BYTES, parse_mapping, read_bytes
from polar_contract.errors import DocumentUnreadable


def refusal_of(path: Path) -> str:
    with pytest.raises(DocumentUnreadable) as refused:
        read_bytes(path)
    assert str(refused.value).startswith(f"{path}:")
    return refused.value.reason


class GivenWhatIsNoFile:
    @pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no devices in /dev")
    @pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/urandom"])
    def test_when_it_is_a_device_then_it_is_refused_and_not_read(self, device: str) -> None:
        assert "a device and not a file" in refusal_of(Path(device))

    def test_when_it_is_a_pipe_that_nobody_writes_to_then_nobody_waits_for_it(self, tmp_path: Path) -> None:
        pipe = tmp_path / "pipe.yaml"
        os.mkfifo(pipe)

        assert "a pipe and not a file" in refusal_of(pipe)

    def test_when_it_is_a_pipe_with_a_writer_then_it_is_refused_too(self, tmp_path: Path) -> None:
        reader, writer = os.pipe()
        try:
            os.write(writer, b"orders: {}")
            if not Path(f"/dev/fd/{reader}").exists():
                pytest.skip("this system has no /dev/fd")
            assert "a pipe" in refusal_of(Path(f"/dev/fd/{reader}"))
        finally:
            os.close(reader)
            os.close(writer)

    def test_when_it_is_a_socket_then_it_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        # The name of a socket may be no longer than about a hundred bytes.
        monkeypatch.chdir(tmp_path)
        with socket.socket(socket.AF_UNIX) as one:
            one.bind("s.yaml")
            assert "can't be read" in refusal_of(Path("s.yaml"))

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            (".", "a folder"),
            ("absent.yaml", "no such file"),
            ("a" * 5000, "can't be read"),
            ("a\0b", "can't be read"),
        ],
        ids=["folder", "absent", "long", "nul"],
    )
    def test_when_there_is_nothing_to_read_then_it_says_so(self, tmp_path: Path, name: str, said: str) -> None:
        assert said in refusal_of(tmp_path / name)

    def test_when_a_link_leads_to_itself_then_it_says_so(self, tmp_path: Path) -> None:
        link = tmp_path / "link.yaml"
        link.symlink_to(link)

        assert "can't be read" in refusal_of(link)

    def test_when_it_may_not_be_read_then_it_says_so(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> int:
            raise PermissionError(errno.EACCES, "Permission denied")

        # Tests may run as root, who can read everything.
        monkeypatch.setattr("os.open", refuse)

        assert "can't be read: Permission denied" in refusal_of(tmp_path / "secret.yaml")


class GivenAFile:
    def test_when_it_is_as_large_as_one_may_be_then_it_is_read(self, tmp_path: Path) -> None:
        path = tmp_path / "w.yaml"
        path.write_bytes(b"#" * MOST_BYTES)

        assert len(read_bytes(path)) == MOST_BYTES

    def test_when_it_is_larger_then_no_more_of_it_is_read(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "w.yaml"
        path.touch()
        os.truncate(path, 1 << 40)  # a terabyte, of which no block is on disk
        monkeypatch.setattr(documents, "MOST_BYTES", 2**20)

        assert "more than 1 MiB" in refusal_of(path)

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "latin-1", "cp037"])
    def test_when_it_is_text_in_another_encoding_then_it_says_which_one_is_wanted(self, encoding: str) -> None:
        with pytest.raises(DocumentUnreadable, match=r"not UTF-8|NUL"):
            parse_mapping("organization: {name: Café}".encode(encoding), "w.yaml")

    def test_when_it_has_more_values_than_memory_should_hold_then_it_is_refused(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("polar_contract.yaml_reader._MOST_EVENTS", 100)

        with pytest.raises(DocumentUnreadable, match="very large"):
            parse_mapping(b"a: [" + b"1," * 200 + b"]", "w.yaml")
