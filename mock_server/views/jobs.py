"""Jobs as the control API shows them."""

from __future__ import annotations

from mock_server.domain.jobs import Job, JobKind
from mock_server.views.basics import write_time_or_null
from polar_contract.json_types import JsonObject

_SUBJECTS = {
    JobKind.GENERATE_INVOICE: "order_id",
    JobKind.RENDER_RECEIPT: "order_id",
    JobKind.DELIVER_EVENT: "event_id",
    JobKind.REPORT_PAYMENT: "order_id",
}


def job_json(job: Job) -> JsonObject:
    return {"kind": job.kind, _SUBJECTS[job.kind]: job.subject_id, "due_at": write_time_or_null(job.due_at)}
