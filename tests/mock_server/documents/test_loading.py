"""World documents in files: YAML or JSON, and a message for everything that is neither."""

from __future__ import annotations

from pathlib import Path

import pytest

from mock_server.documents.errors import DocumentInvalid
from mock_server.documents.world_files import read_world_file

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


class GivenAFile:
    @pytest.mark.parametrize(
        ("name", "text"),
        [
            (
                "w.yaml",
                "organization: {created_at: 2026-05-01T10:00:00Z}\ncustomers: {m: {billing_address: {country: NO}}}",
            ),
            (
                "w.json",
                '\ufeff{"organization": {"created_at": "2026-05-01T10:00:00Z"},\n'
                '\t"customers": {"m": {"billing_address": {"country": "NO"}}}}',
            ),
        ],
    )
    def test_when_it_is_yaml_or_json_then_it_says_the_same(self, tmp_path: Path, name: str, text: str) -> None:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")

        document = read_world_file(path)

        assert document.organization.created_at is not None
        assert document.organization.created_at.isoformat() == "2026-05-01T10:00:00+00:00"
        assert document.customers["m"].billing_address is not None
        assert document.customers["m"].billing_address.country == "NO"

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "empty"),
            (b"\xff\xfe\x00\x01", "UTF-8"),
            (b"a: \x00", "NUL"),
            (b"orders: [", "line"),
            (b"- a", "a list"),
            (b"just words", "single value"),
            pytest.param(b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested too deeply", id="nested"),
            pytest.param(BOMB.encode(), "aliases", id="alias bomb"),
            (b"a: &a {b: *a}", "aliases"),
            (b"orders: {}\norders: {}", "second time"),
            (b"a: !!python/object/apply:os.system [echo]", "unknown key"),
            (b"organization: {name: 5}", "organization.name: is 5; it has to be a text"),
            (b"customers: {m: {billing_address: {country: US, postal_code: 10001}}}", "postal_code: is 10001"),
            pytest.param(b"#" * (16 * 1024 * 1024 + 1), "bytes", id="too large"),
        ],
    )
    def test_when_it_can_not_be_a_world_then_a_message_names_the_file(
        self, tmp_path: Path, content: bytes, said: str
    ) -> None:
        path = tmp_path / "broken.yaml"
        path.write_bytes(content)

        with pytest.raises(DocumentInvalid) as refused:
            read_world_file(path)

        assert str(path) in str(refused.value)
        assert said in str(refused.value)

    @pytest.mark.parametrize(("name", "said"), [("absent.yaml", "no such file"), (".", "a folder")])
    def test_when_it_is_no_file_then_it_says_so(self, tmp_path: Path, name: str, said: str) -> None:
        with pytest.raises(DocumentInvalid, match=said):
            read_world_file(tmp_path / name)
