// Playwright in Chromium, on a page of the application. Run: `npm i -D @playwright/test`, then `polar-mock exec -- npx playwright test`.
import { createServer } from "node:http";
import { expect, test as base } from "@playwright/test";

const { POLAR_SERVER_URL, POLAR_CONTROL_URL, POLAR_MOCK_KEY = "", CHROMIUM } = process.env;
// Only a mock that other machines can reach wants the key.
const KEY = { "X-Mock-Key": POLAR_MOCK_KEY };

// The application: a button that requests an order's invoice, and a link to it once it is ready.
const PAGE = `<!doctype html><title>Orders</title><button>Invoice</button><p role="status"></p><script>
  const { url, token } = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  const headers = { Authorization: "Bearer " + token };
  const status = document.querySelector("p");
  document.querySelector("button").onclick = async () => {
    const requested = await fetch(url, { method: "POST", headers });
    if (!requested.ok) return (status.textContent = (await requested.json()).detail);
    status.textContent = "in preparation";
    for (;;) {
      const answer = await fetch(url, { headers });
      if (answer.ok) return (status.innerHTML = '<a href="' + (await answer.json()).url + '">Download</a>');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
</script>`;

const test = base.extend({
  // A new one for each test, which no other test sees.
  world: async ({ request }, use) => {
    const made = await request.post(`${POLAR_CONTROL_URL}/worlds`, { headers: KEY, data: { scenario: "demo" } });
    const world = await made.json();
    await use(world);
    await request.delete(`${POLAR_CONTROL_URL}/worlds/${world.id}`, { headers: KEY });
  },
  // Opens the application for one of the world's orders.
  open: async ({ page, world }, use) => {
    const server = createServer((_, response) => response.setHeader("Content-Type", "text/html").end(PAGE));
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    await use(async (order) => {
      const url = `${POLAR_SERVER_URL}/v1/customer-portal/orders/${world.ids[`order:${order}`]}/invoice`;
      const parameters = new URLSearchParams({ url, token: world.tokens.customer });
      await page.goto(`http://127.0.0.1:${server.address().port}/#${parameters}`);
    });
    server.close();
  },
});

// CHROMIUM: an installed browser instead of the one that `npx playwright install` brings.
test.use({ launchOptions: CHROMIUM ? { executablePath: CHROMIUM } : {} });

test("an invoice can be downloaded after a few seconds", async ({ open, page, request, world }) => {
  await open("paid");
  await page.getByRole("button", { name: "Invoice" }).click();
  await expect(page.getByRole("status")).toHaveText("in preparation");

  await request.patch(`${POLAR_CONTROL_URL}/worlds/${world.id}/clock`, {
    headers: KEY,
    data: { advance_seconds: 3 },
  });

  const link = await page.getByRole("link", { name: "Download" }).getAttribute("href");
  const document = await (await request.get(link)).body();
  expect(document.subarray(0, 5).toString()).toBe("%PDF-");
});

test("an unpaid order says why it has no invoice", async ({ open, page }) => {
  await open("unpaid");
  await page.getByRole("button", { name: "Invoice" }).click();

  await expect(page.getByRole("status")).toContainText("not paid");
});
