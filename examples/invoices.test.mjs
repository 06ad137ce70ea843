// Vitest with the TypeScript SDK before 1.0. Run: `npm i -D vitest @polar-sh/sdk@0.49`, then `polar-mock exec -- npx vitest run`.
import { Polar } from "@polar-sh/sdk";
import { afterEach, beforeEach, expect, test } from "vitest";

const { POLAR_SERVER_URL, POLAR_CONTROL_URL, POLAR_MOCK_KEY = "" } = process.env;

async function control(method, path, body = {}) {
  const response = await fetch(`${POLAR_CONTROL_URL}${path}`, {
    method,
    // Only a mock that other machines can reach wants the key.
    headers: { "Content-Type": "application/json", "X-Mock-Key": POLAR_MOCK_KEY },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.status === 204 ? null : response.json();
}

const polar = new Polar({ serverURL: POLAR_SERVER_URL });
let world; // a new one for each test, which no other test sees

beforeEach(async () => {
  world = await control("POST", "/worlds", { scenario: "demo" });
});
afterEach(() => control("DELETE", `/worlds/${world.id}`));

test("an invoice is ready after a few seconds", async () => {
  const customerSession = world.tokens.customer;
  const id = world.ids["order:paid"];

  await polar.customerPortal.orders.generateInvoice({ customerSession }, { id });
  await control("PATCH", `/worlds/${world.id}/clock`, { advance_seconds: 3 });

  const invoice = await polar.customerPortal.orders.invoice({ customerSession }, { id });
  expect(invoice.url).toMatch(/^http/);
});

test("an unpaid order has no invoice", async () => {
  const customerSession = world.tokens.customer;
  const id = world.ids["order:unpaid"];

  const refused = polar.customerPortal.orders.generateInvoice({ customerSession }, { id });

  await expect(refused).rejects.toMatchObject({ statusCode: 422 });
});
