// Checks by caller: payments, the customer, sessions, the organization.
import { Skipped, UNKNOWN_ID, expect, expectPdf, given, order, waitUntil } from "../checking.mjs";
import { customer, member, orders, organization, polar } from "./fixtures.mjs";

const main = given.shop.ids["customer:main"];

export const CHECKS = {
  "payment: status": async () => {
    const answer = await orders.getPaymentStatus(customer, { id: order("paid") });
    expect([answer.status, answer.error], ["succeeded", null]);
  },

  "customer: own record": async () => {
    const record = await polar.customerPortal.customers.get(customer);
    expect([record.email, record.billingName], ["jane@example.com", "Jane Doe"]);
  },

  "session: introspected": async () => {
    const portal = polar.customerPortal.customerSession;
    expect((await portal.introspect(customer)).expiresAt instanceof Date, true);
    expect((await portal.getAuthenticatedUser(member("owner"))).role, "owner");
  },

  "session: a member's": async () => {
    const owner = member("owner");
    const request = { id: order("paid", given.team) };
    expect((await orders.list(owner, {})).result.items.map((shown) => shown.id), [request.id]);
    await orders.generateInvoice(owner, request);
    await waitUntil(async () => (await orders.get(owner, request)).isInvoiceGenerated);
    await expectPdf((await orders.invoice(owner, request)).url);
  },

  "session: a customer's, opened": async () => {
    for (const request of [{ customerId: main }, { externalCustomerId: "ext-main" }]) {
      const session = await organization.customerSessions.create(request);
      expect([session.customerId, session.customer.email], [main, "jane@example.com"]);
      const shown = await orders.get({ customerSession: session.token }, { id: order("paid") });
      expect(shown.id, order("paid"));
    }
  },

  "session: a member's, opened": async () => {
    expect(organization.memberSessions, undefined);
    throw new Skipped("the release has no memberSessions");
  },

  "organization: lists": async () => {
    const owned = (await organization.orders.list({ customerId: [main, UNKNOWN_ID], limit: 100 })).result;
    expect([...new Set(owned.items.map((shown) => shown.customerId))], [main]);
    const tagged = (await organization.orders.list({ metadata: { channel: "web" } })).result;
    expect(tagged.items.map((shown) => shown.id), [order("paid")]);
  },

  "organization: reads and patches": async () => {
    const id = order("renewal");
    let shown = await organization.orders.get({ id });
    expect([shown.customer.email, shown.subscription.status], ["jane@example.com", "active"]);
    shown = await organization.orders.update({ id, orderUpdate: { billingName: "By the shop" } });
    expect([shown.billingName, shown.billingAddress.city], ["By the shop", "New York"]);
  },

  "organization: makes an invoice": async () => {
    const request = { id: order("organizations") };
    expect(await organization.orders.generateInvoice(request), null);
    await waitUntil(async () => (await organization.orders.get(request)).isInvoiceGenerated);
    await expectPdf((await organization.orders.invoice(request)).url);
  },
};
