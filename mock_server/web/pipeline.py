"""The request pipeline of the API: every check in the service's order, as one list.

The order is behaviour: of two faults in one request the earlier check answers. Source: observed on the service, April 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import parse_qsl

from mock_server.contract.operations import Operation
from mock_server.contract.requests import Body, NoBody, parse_body
from mock_server.contract.routes import Matched, MethodRefused, Redirected, RouteUnknown
from mock_server.domain.policies import VersionPolicy
from mock_server.services.callers import Caller, find_caller, require_billing_access
from mock_server.services.context import Services
from mock_server.services.faults import strike_call
from mock_server.services.limits import count_request
from mock_server.store.effects import Commits, changes_of, collect_commits, stop_collecting
from mock_server.store.journal import NO_CHANGES
from mock_server.store.state import World
from mock_server.web import problems
from mock_server.web.api.calls import ApiOperation, Call
from mock_server.web.cors import is_preflight
from mock_server.web.exchange import Answer, Incoming
from mock_server.web.faults import answer_struck
from mock_server.web.problems import REFUSALS, Problems
from mock_server.web.recording import Handled, record
from mock_server.web.revisions import ServedRevision, ServedRevisions

_OLD_ROOT = "/api/v1/"
_MOVED = (
    "X-Polar-Deprecation-Notice",
    "The API root has moved from /api/v1 to /v1. Please update your integration.",
)
_MEMBER_SESSIONS = "member-sessions:create"
_METHODS_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


class Ended(Exception):
    """The pipeline ends here with this answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


_ENDINGS: tuple[type[Exception], ...] = (Ended, *REFUSALS)


@dataclass(frozen=True, slots=True)
class ApiPipeline:
    services: Services
    revisions: ServedRevisions
    versions: VersionPolicy
    """Of requests that belong to no world."""
    operations: Mapping[str, ApiOperation]

    def answer(self, incoming: Incoming) -> Answer:
        token = bearer_token(incoming.first_header("HTTP_AUTHORIZATION"))
        found = find_caller(self.services, token) if token is not None else None
        request = Handled(incoming, found, is_token_known=token is None or found is not None)
        # A read changes nothing, unless a fault ends its session.
        if incoming.method == "GET" and (request.world is None or not request.world.state.faults.calls):
            answer, changes = self._complete(request), NO_CHANGES
        else:
            commits: Commits = []
            collecting = collect_commits(commits)
            try:
                answer = self._complete(request)
            finally:
                stop_collecting(collecting)
            changes = changes_of(commits)
        record(self.services, request, answer, changes)
        return answer

    def _complete(self, request: Handled) -> Answer:
        """The answer with the headers of its revision."""
        incoming, world = request.incoming, request.world
        revision = self._revision(incoming, self.versions if world is None else world.policies.versions)
        if revision is None:
            return problems.ROUTE_UNKNOWN
        if is_preflight(incoming):
            return self._answer_to_preflight(incoming, revision)
        try:
            answer = self._check(request, revision)
        except _ENDINGS as ending:
            answer = _answer_to(ending, revision)
        if revision.headers:
            answer = revision.completed(answer)
        if incoming.path.startswith(_OLD_ROOT):
            answer = answer.with_headers(_MOVED)
        return answer if incoming.header("HTTP_ORIGIN") is None else answer.with_headers(*revision.cors_headers)

    def _answer_to_preflight(self, incoming: Incoming, revision: ServedRevision) -> Answer:
        """It has no token, so its world is unknown: what the revision of any world of this server allows is allowed."""
        allowed = (one for one in (revision, *self.revisions.loaded) if not one.preflights.refused(incoming))
        answering = next(allowed, revision)
        return answering.completed(answering.preflights.answer(incoming))

    def _revision(self, incoming: Incoming, versions: VersionPolicy) -> ServedRevision | None:
        """The revision that the request names, or else the current one; None for one that is not served.

        This comes before everything else, and its answer has no header of the API. Source: observed on the service, August 2026.
        """
        current = self.revisions.served(versions.current or self.services.own_revision)
        named = incoming.first_header(current.version_variable) if current.version_variable else None
        if not named:
            return current
        is_served = named == versions.current or named in (versions.served or ())
        return self.revisions.served(named) if is_served else None

    def _check(self, request: Handled, revision: ServedRevision) -> Answer:
        """The checks that depend on no operation, and the faults of the world. Errors: `_ENDINGS`."""
        _require_good_length(request.incoming, revision)
        if not request.is_token_known:
            return problems.TOKEN_INVALID
        world, caller = request.world, request.caller
        if world is not None and caller is not None:
            count_request(world, caller)
        request.matched = matched = _match(request.incoming, revision, world)
        if world is not None and caller is not None and world.state.faults.calls:
            rules = world.state.faults.of_operation(matched.operation.operation_id)
            strike = strike_call(
                world, rules, caller=caller, method=request.incoming.method, path_parameters=matched.path_parameters
            )
            if strike is not None:
                request.fault = strike.rule_id
                operate = partial(self._operate_or_refuse, request, revision, matched)
                return answer_struck(strike, request.incoming, revision, world, operate)
        return self._operate(request, revision, matched)

    def _operate(self, request: Handled, revision: ServedRevision, matched: Matched) -> Answer:
        """The checks that depend on the operation, and its function. Errors: `_ENDINGS`."""
        incoming, operation = request.incoming, matched.operation
        body = _read_body(incoming, operation, revision)
        world, caller = authenticate(operation, request.world, request.caller, revision.problems)
        require_scope(operation, caller)
        function = self.operations[operation.operation_id]
        if function.needs_billing_role:
            require_billing_access(caller)
        query = parse_qsl(incoming.query, keep_blank_values=True) if incoming.query else ()
        checked = operation.check(matched.path_parameters, query, body)
        return function.answer(Call(self.services, world, caller, checked, incoming.base_url))

    def _operate_or_refuse(self, request: Handled, revision: ServedRevision, matched: Matched) -> Answer:
        try:
            return self._operate(request, revision, matched)
        except _ENDINGS as ending:
            return _answer_to(ending, revision)


def _answer_to(ending: Exception, revision: ServedRevision) -> Answer:
    """The answer to one of `_ENDINGS`."""
    return ending.answer if isinstance(ending, Ended) else revision.problems.answer_to(ending)


def _require_good_length(incoming: Incoming, revision: ServedRevision) -> None:
    """A length that is missing where the revision needs one, or that is too large."""
    length, rules = incoming.header("CONTENT_LENGTH"), revision.behaviour.request
    if not length:
        if rules.is_length_required and incoming.method in _METHODS_WITH_BODY:
            raise Ended(revision.problems.length_required)
    elif length.isdecimal() and int(length) > rules.body_limit_bytes:
        raise Ended(revision.problems.body_too_large(rules.body_limit_bytes))


def _read_body(incoming: Incoming, operation: Operation, revision: ServedRevision) -> Body:
    """Check the body's syntax; operations that declare no body ignore it."""
    if not operation.has_body:
        return NoBody()
    raw, most = incoming.read_body(), revision.behaviour.request.body_limit_bytes
    if len(raw) > most:
        raise Ended(revision.problems.body_too_large(most))
    return parse_body(incoming.header("CONTENT_TYPE"), raw)


def _match(incoming: Incoming, revision: ServedRevision, world: World | None) -> Matched:
    path = incoming.path.removeprefix("/api") if incoming.path.startswith(_OLD_ROOT) else incoming.path
    matched = revision.routes.match(incoming.method, path)
    if not isinstance(matched, Matched):
        raise Ended(_answer_to_no_route(incoming, matched))
    if matched.operation.operation_id == _MEMBER_SESSIONS and world and not world.tables.organization.member_sessions:
        raise Ended(problems.ROUTE_UNKNOWN)
    return matched


def _answer_to_no_route(incoming: Incoming, found: Redirected | MethodRefused | RouteUnknown) -> Answer:
    match found:
        case RouteUnknown():
            return problems.ROUTE_UNKNOWN
        case MethodRefused(allow):
            return problems.method_refused(allow)
        case Redirected(path):
            query = f"?{incoming.query}" if incoming.query else ""
            return problems.redirected(f"{incoming.base_url()}{path}{query}")


def bearer_token(header: str | None) -> str | None:
    """The token of an Authorization header; another scheme, or an empty or non-ASCII token, counts as no token."""
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or not token.isascii() or token.startswith("polar_crt_"):
        return None
    return token


def authenticate(
    operation: Operation, world: World | None, caller: Caller | None, own: Problems
) -> tuple[World, Caller]:
    """Without a token, or with one of a kind that the operation does not take, the answer is 401."""
    if world is None or caller is None or operation.accepts(caller.kind) is None:
        raise Ended(own.unauthorized)
    return world, caller


def require_scope(operation: Operation, caller: Caller) -> None:
    """Any one of the operation's scopes is enough."""
    accepted = operation.accepts(caller.kind) or frozenset()
    if accepted and accepted.isdisjoint(caller.credential.scopes):
        raise Ended(problems.insufficient_scope(challenge_scopes(accepted)))


def challenge_scopes(accepted: frozenset[str]) -> list[str]:
    """The scopes named in the challenge: the service adds those of its own web client to the organization's."""
    actions = sorted({scope.rpartition(":")[2] for scope in accepted})
    portal = any(scope.startswith("customer_portal:") for scope in accepted)
    internal = [] if portal else ["web:read", "web:write"] if "read" in actions else ["web:write"]
    return internal + sorted(accepted)
