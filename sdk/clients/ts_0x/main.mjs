// `@polar-sh/sdk` 0.48.1 and 0.49.0: portal tokens per call, strict models, camelCase, one error class per answer.
import { runChecks } from "../checking.mjs";
import { CHECKS as callers } from "./callers.mjs";
import { CHECKS as orders } from "./orders.mjs";
import { CHECKS as refusals } from "./refusals.mjs";
import { CHECKS as webhooks } from "./webhooks.mjs";

await runChecks({ ...orders, ...callers, ...webhooks, ...refusals });
