"""Bodies in separate files beside a HAR document, as Playwright writes them: read only from its folder or zip."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from contract_tests.cli import main
from contract_tests.tools.replay.attachments import Attachments, Folder, Unattached

_PATCH, _LAST = 3, 7


def _attached(document: dict[str, Any]) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The document without its bodies, and the files with these bodies, named by their hash."""
    changed, files = copy.deepcopy(document), {}
    for entry in changed["log"]["entries"]:
        for part in (entry["request"].get("postData"), entry["response"]["content"]):
            if part is not None:
                body = part.pop("text").encode()
                part["_file"] = f"{hashlib.sha1(body).hexdigest()}.json"
                files[part["_file"]] = body
    return changed, files


def _write_folder(folder: Path, document: dict[str, Any], files: Mapping[str, bytes]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, body in files.items():
        (folder / name).write_bytes(body)
    (folder / "exported.har").write_text(json.dumps(document), "utf-8")
    return folder / "exported.har"


def _write_zip(folder: Path, document: dict[str, Any], files: Mapping[str, bytes], *, below: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / "exported.har.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{below}har.har", json.dumps(document))
        for name, body in files.items():
            archive.writestr(f"{below}{name}", body)
    return folder / "exported.har.zip"


def _checked(path: Path) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["replay", str(path)])
    return done.exit_code, done.output


def _naming(document: dict[str, Any], name: str) -> dict[str, Any]:
    """The document with the last answer's body moved to a file of this name."""
    changed = copy.deepcopy(document)
    content = changed["log"]["entries"][_LAST]["response"]["content"]
    content.pop("text", None)
    content["_file"] = name
    return changed


class GivenBodiesInFilesOfTheirOwn:
    @pytest.mark.parametrize("write", [_write_folder, _write_zip], ids=["in a folder", "in a zip"])
    def test_when_all_are_right_then_all_answers_are_checked(
        self, recorded: dict[str, Any], tmp_path: Path, write: Any
    ) -> None:
        exit_code, output = _checked(write(tmp_path, *_attached(recorded)))
        assert exit_code == 0, output
        assert "1 file: 10 answers checked" in output

    @pytest.mark.parametrize("write", [_write_folder, _write_zip], ids=["in a folder", "in a zip"])
    @pytest.mark.parametrize(
        ("number", "old", "new"),
        [(_LAST, b'"billing_name":"Ada"', b'"billing_name":"Eve"'), (_PATCH, b'{"billing_name": "Ada"', b'{"billing_name": "Eve"')],
        ids=["an answer's", "a request's"],
    )  # fmt: skip
    def test_when_one_is_wrong_then_it_is_found(
        self, recorded: dict[str, Any], tmp_path: Path, write: Any, number: int, old: bytes, new: bytes
    ) -> None:
        document, files = _attached(recorded)
        changed = {name: body.replace(old, new) for name, body in files.items()}
        assert changed != files
        exit_code, output = _checked(write(tmp_path, document, changed))
        assert exit_code == 1, output
        assert f"entry {number + 1}\n" in output

    def test_when_the_folder_is_checked_then_they_are_not_read_as_documents(
        self, recorded: dict[str, Any], tmp_path: Path
    ) -> None:
        exit_code, output = _checked(_write_folder(tmp_path / "har", *_attached(recorded)).parent)
        assert exit_code == 0, output
        assert "1 file: 10 answers checked" in output

    def test_when_the_document_lies_deeper_in_its_zip_then_they_are_found_beside_it(
        self, recorded: dict[str, Any], tmp_path: Path
    ) -> None:
        exit_code, output = _checked(_write_zip(tmp_path, *_attached(recorded), below="run/1/"))
        assert exit_code == 0, output
        assert "10 answers checked" in output


class GivenABodyThatCanNotBeRead:
    @pytest.mark.parametrize("write", [_write_folder, _write_zip], ids=["in a folder", "in a zip"])
    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("gone.json", "is missing"),
            ("../outside.json", "outside the HAR's"),
            ("below/../../outside.json", "outside the HAR's"),
            ("/etc/hostname", "outside the HAR's"),
            ("\0", ""),
            ("x" * 5000, ""),
            ("", ""),
        ],
        ids=["missing", "above", "above by a detour", "absolute", "NUL", "long", "empty"],
    )
    def test_when_it_is_named_then_a_message_says_so_and_all_others_are_checked(
        self, recorded: dict[str, Any], tmp_path: Path, write: Any, name: str, said: str
    ) -> None:
        (tmp_path / "outside.json").write_text("{}")
        exit_code, output = _checked(write(tmp_path / "har", _naming(recorded, name), {}))
        assert exit_code == 0, output
        assert f": entry {_LAST + 1}: " in output
        assert said in output
        assert "9 answers checked" in output
        assert "Traceback" not in output

    def test_when_a_link_leads_out_of_the_folder_then_it_is_not_followed(
        self, recorded: dict[str, Any], tmp_path: Path
    ) -> None:
        (tmp_path / "outside.json").write_text("{}")
        file = _write_folder(tmp_path / "har", _naming(recorded, "link.json"), {})
        (file.parent / "link.json").symlink_to(tmp_path / "outside.json")
        exit_code, output = _checked(file)
        assert exit_code == 0, output
        assert "'link.json' is outside the HAR's folder and is not read" in output

    def test_when_it_is_not_a_regular_file_then_the_command_does_not_wait_for_it(
        self, recorded: dict[str, Any], tmp_path: Path
    ) -> None:
        file = _write_folder(tmp_path / "har", _naming(recorded, "pipe.json"), {})
        os.mkfifo(file.parent / "pipe.json")
        assert "'pipe.json' is missing in the HAR's folder" in _checked(file)[1]

    def test_when_a_zip_expands_to_far_more_than_its_size_then_it_is_not_unpacked(
        self, recorded: dict[str, Any], tmp_path: Path
    ) -> None:
        file = _write_zip(tmp_path, _naming(recorded, "bomb.json"), {"bomb.json": b" " * (33 * 1024 * 1024)})
        assert file.stat().st_size < 200_000
        exit_code, output = _checked(file)
        assert exit_code == 0, output
        assert "'bomb.json' is larger than the limit of 32 MiB" in output

    def test_when_many_are_large_then_the_total_is_limited(self, tmp_path: Path) -> None:
        for name in "abc":
            (tmp_path / name).write_bytes(b"x" * 10)
        attachments = Attachments(Folder(tmp_path), largest=15, left=25)
        assert [len(attachments.body(name)) for name in "aab"] == [10, 10, 10]
        with pytest.raises(Unattached, match="larger than"):
            attachments.body("c")

    @pytest.mark.parametrize("part", ["content", "request"])
    def test_when_the_exporter_left_it_out_then_the_answer_is_not_checked(
        self, recorded: dict[str, Any], tmp_path: Path, part: str
    ) -> None:
        document = copy.deepcopy(recorded)
        entry = document["log"]["entries"][_PATCH]
        if part == "content":
            del entry["response"]["content"]["text"]
        else:
            entry["request"]["bodySize"] = len(entry["request"].pop("postData")["text"])
        exit_code, output = _checked(_write_folder(tmp_path, document, {}))
        assert f"not checked: exported.har: entry {_PATCH + 1}: the " in output
        assert f"entry {_PATCH + 1}\n" not in output
        assert exit_code == 0, output


class GivenAnInvalidZip:
    @pytest.mark.parametrize(
        ("content", "said"),
        [(b"PK\x03\x04nonsense", "this zip can't be read"), (b"PK\x05\x06" + b"\0" * 18, "this zip contains no file")],
        ids=["broken", "empty"],
    )  # fmt: skip
    def test_when_it_is_checked_then_a_message_says_so(self, tmp_path: Path, content: bytes, said: str) -> None:
        (tmp_path / "x.zip").write_bytes(content)
        exit_code, output = _checked(tmp_path / "x.zip")
        assert exit_code == 2, output
        assert said in output
        assert output.count("\n") == 1
