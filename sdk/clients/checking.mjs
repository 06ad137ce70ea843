// The base of every TypeScript client program: the worlds that it received, and checks that print their outcomes.
// An output line is an outcome, the check's name and a reason, separated by tabs.
import assert from "node:assert/strict";
import fs from "node:fs";

export const UNKNOWN_ID = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
const TIMEOUT_MS = 10_000;
const PAUSE_MS = 50;

// The release lacks the feature that the check tests; the message names it.
export class Skipped extends Error {}

// The data that the runner wrote for this program into the file named on the command line.
export const given = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
// The version that the SDK's module sends; null where the release sends none.
export const version = given.version;
export const order = (key, world = given.shop) => world.ids[`order:${key}`];
export const token = (key, world = given.shop) => world.tokens[key];
// By the name of their endpoint: `app` has a secret of the older form, `standard` one of the newer.
export const secrets = given.shop.webhook_secrets;
export const deliveries = given.deliveries;

// Only the promises that hold in the revision of the worlds are checked.
export async function runChecks(checks) {
  for (const [name, check] of Object.entries(checks)) {
    if (!given.checks.includes(name)) continue;
    try {
      await check();
      report("ok", name, "");
    } catch (problem) {
      if (problem instanceof Skipped) report("skipped", name, problem.message);
      else report("failed", name, explain(problem));
    }
  }
}

// The error and what caused it.
const explain = (problem) =>
  `${problem?.name}: ${problem?.message}${problem?.cause ? `; ${explain(problem.cause)}` : ""}`;

const report = (outcome, name, reason) =>
  console.log([outcome, name, reason.replace(/\s+/g, " ").slice(0, 800)].join("\t"));

export const expect = (actual, wanted) => assert.deepEqual(actual, wanted);

// The error that the call throws, of exactly this class; "A | B" where releases have different ones. A class is given
// by its name, because each module of an SDK has classes of its own.
export async function raised(names, call) {
  let answer;
  try {
    answer = await call();
  } catch (problem) {
    if (names.split(" | ").includes(problem?.constructor?.name)) return problem;
    throw problem;
  }
  throw new Error(`no ${names}, but ${JSON.stringify(answer)}`);
}

// A check that a call is refused: the SDK's own class of error, its status, and a text in the body.
export const refusal = (call, names, status, says) => async () => {
  const problem = await raised(names, call);
  expect(problem.statusCode, status);
  const body = problem.body ?? JSON.stringify(problem.error);
  assert.ok(body.includes(says), `${says} is not in ${body}`);
};

export async function waitUntil(condition) {
  const deadline = Date.now() + TIMEOUT_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${TIMEOUT_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

// The link works unchanged, without a token.
export async function expectPdf(url) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  expect(answer.headers.get("content-type"), "application/pdf");
  expect(Buffer.from(await answer.arrayBuffer()).subarray(0, 5).toString(), "%PDF-");
}

// Every delivery was verified, as [type, order id], and includes all events of the order.
export function expectEvents(verified) {
  const types = new Set(verified.map(([type]) => type));
  expect([...types].sort(), ["order.created", "order.paid", "order.refunded", "order.updated"]);
  expect([...new Set(verified.map(([, id]) => id))], [order("sold")]);
}
