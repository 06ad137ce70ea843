"""Decides which revision a comparison is made in: the one that was asked for, else the one that the live account keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from contract_tests.config.credentials import placeholder
from contract_tests.config.service import Service
from contract_tests.config.settings import Settings
from contract_tests.reporting.redaction import Redactor
from contract_tests.runner.identifying import found_service
from contract_tests.targets.identifying import as_our_mock
from contract_tests.tools.compare.targets import SideName, naming_side
from contract_tests.transport.exchanges import Ledger


@dataclass(frozen=True, slots=True)
class Settled:
    """The settings of both sides in one revision. `sentence` says which one and why; empty if no account decided it."""

    left: Settings
    right: Settings
    sentence: str = ""

    @property
    def requests(self) -> int:
        """The number of requests that it took to find out."""
        return sum(one.service.requests for one in (self.left, self.right) if one.service is not None)


def settle(left: Settings, right: Settings) -> Settled:
    """Ask the live accounts, unless the user named a revision; a mock follows. Errors: CannotRun; ContractError."""
    if left.asks_revision:
        return Settled(left, right)
    redactor = Redactor()
    for settings in (left, right):
        for kind, token in settings.tokens.items():
            redactor.learn(token, placeholder(kind))
    services: dict[SideName, Service] = {}
    of_mocks: set[str] = set()
    revision = left.revision
    for name, settings, takes_plain in _sides(left, right):
        with naming_side(name, settings, redactor, takes_plain=takes_plain):
            mock = as_our_mock(settings)
            if mock is not None:
                # The bundled mock starts in any revision.
                of_mocks |= {mock.revision} if mock.base_url is not None else set()
                continue
            # The first account decides; a second one is asked whether it serves the same.
            wished = replace(settings, revision=revision, asks_revision=bool(services))
            services[name] = found_service(wished, Ledger(), only_of_token=True)
            revision = next(iter(services.values())).keeps
    if not services:
        return _of_mocks(left, right, of_mocks)
    sentence = " ".join(one.identity for one in services.values()) + f" They are compared in revision {revision}"
    others = [f"which --{name} does not keep" for name, one in services.items() if one.keeps != revision]
    return Settled(
        replace(left, revision=revision, service=services.get("left")),
        replace(right, revision=revision, service=services.get("right")),
        redactor.redact(", ".join([sentence, *others]) + "."),
    )


def _of_mocks(left: Settings, right: Settings, own: set[str]) -> Settled:
    """Mocks that answer by the same revision are compared in that one, others in the default one, which all can serve."""
    if own <= {left.revision} or len(own) > 1:
        return Settled(left, right)
    revision = own.pop()
    sentence = f"The mocks are compared in revision {revision}, by which they answer requests without a token."
    return Settled(replace(left, revision=revision), replace(right, revision=revision), sentence)


def _sides(left: Settings, right: Settings) -> Iterator[tuple[SideName, Settings, bool]]:
    """Each side, and whether the plain variables of tokens are its own: beside the bundled mock, which needs none."""
    yield "left", left, False
    yield "right", right, left.base_url is None
