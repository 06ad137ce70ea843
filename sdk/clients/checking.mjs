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
export const order = (key, world = given.shop) => world.ids[`order:${key}`];
export const token = (key, world = given.shop) => world.tokens[key];
export const secret = given.shop.webhook_secrets.app;

export async function runChecks(checks) {
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check();
      report("ok", name, "");
    } catch (problem) {
      if (problem instanceof Skipped) report("skipped", name, problem.message);
      else report("failed", name, `${problem?.name}: ${problem?.message}`);
    }
  }
}

const report = (outcome, name, reason) =>
  console.log([outcome, name, reason.replace(/\s+/g, " ").slice(0, 400)].join("\t"));

export const expect = (actual, wanted) => assert.deepEqual(actual, wanted);

// The error of exactly this class that the call throws.
export async function raised(errorClass, call) {
  let answer;
  try {
    answer = await call();
  } catch (problem) {
    if (problem?.constructor === errorClass) return problem;
    throw problem;
  }
  throw new Error(`no ${errorClass.name}, but ${JSON.stringify(answer)}`);
}

// A check that a call is refused: the SDK's own class of error, its status, and a text in the body.
export const refusal = (call, errorClass, status, says) => async () => {
  const problem = await raised(errorClass, call);
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
