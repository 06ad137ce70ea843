// `@polar-sh/sdk` 1.0.1: one client per token, answers without validation, one error class per status.
import { runChecks } from "../checking.mjs";
import { CHECKS as callers } from "./callers.mjs";
import { CHECKS as orders } from "./orders.mjs";
import { CHECKS as refusals } from "./refusals.mjs";
import { CHECKS as webhooks } from "./webhooks.mjs";

await runChecks({ ...orders, ...callers, ...webhooks, ...refusals });
