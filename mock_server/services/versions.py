"""The versions of a world's service: those of its revision, or those that its document or a later change chose."""

from __future__ import annotations

from mock_server.documents.errors import DocumentInvalid, Problem, shown
from mock_server.domain.policies import VersionPolicy
from mock_server.services.context import RevisionNotServed, Services
from polar_contract.behaviour import Behaviour
from polar_contract.errors import known_revisions


def behaviour_of(services: Services, revision: str, *, path: str) -> Behaviour:
    """The rules of a revision. `path`: of its name in the document. Errors: DocumentInvalid if it is not there, or can't be served."""
    if revision not in services.revisions:
        hint = known_revisions(revision, list(services.revisions))
        raise DocumentInvalid((Problem(path, f"is {shown(revision)}; {hint}"),))
    try:
        return services.behaviour_of(revision)
    except RevisionNotServed as problem:
        raise DocumentInvalid((Problem(path, str(problem)),)) from None


def complete_versions(services: Services, revision: str, wanted: VersionPolicy) -> VersionPolicy:
    """The versions of a world of this revision, with those that are left out; all of them are loaded, so that no request fails for one.

    Errors: DocumentInvalid.
    """
    current = wanted.current or revision
    if wanted != VersionPolicy() and not services.revisions[revision]:
        message = f"revision {revision} is from before requests could choose a version; take a later one"
        raise DocumentInvalid((Problem("versions", message),))
    dated = [name for name, beside in services.revisions.items() if beside]
    served = services.revisions.get(current, ()) if wanted.served is None else wanted.served
    unknown = [name for name in (current, *served) if name not in dated and name != revision]
    if unknown:
        message = f"names {shown(unknown[0])}; known versions: {', '.join(dated)}"
        raise DocumentInvalid((Problem("versions", message),))
    if dated and services.revisions[revision] and current not in served:
        message = f"does not have {shown(current)}, which is the current version"
        raise DocumentInvalid((Problem("versions.served", message),))
    for name in served:
        behaviour_of(services, name, path="versions.served")
    return VersionPolicy(current, tuple(served))
