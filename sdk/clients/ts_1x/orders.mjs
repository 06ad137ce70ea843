// Checks of a customer's orders: list, get, patch, generate, poll, download.
import { UNKNOWN_ID, expect, expectPdf, given, order, token, waitUntil } from "../checking.mjs";
import { createPolar, generate, get, orders, ownedBy, patch } from "./fixtures.mjs";

export const CHECKS = {
  "base URL: a slash at its end": async () => {
    const polar = createPolar({ accessToken: token("customer"), baseUrl: `${given.base_url}/` });
    expect((await polar.customerPortal.orders.get(order("paid"))).id, order("paid"));
  },

  "list: every order": async () => {
    const { items, pagination } = await orders.list({ limit: 100 });
    const ids = items.map((shown) => shown.id);
    expect(pagination.total_count, items.length);
    expect(["paid", "renewal", "unpaid", "no_product"].filter((key) => !ids.includes(order(key))), []);
  },

  "list: filtered": async () => {
    const products = [given.shop.ids["product:club"], UNKNOWN_ID];
    const { items } = await orders.list({ product_id: products, query: "monthly club" });
    expect(items.map((shown) => shown.id), [order("renewal")]);
  },

  "list: every page": async () => {
    const total = (await orders.list()).pagination.total_count;
    const seen = [];
    for await (const shown of orders.iterList({ limit: 4, sorting: ["amount"] })) seen.push(shown.id);
    expect([seen.length, new Set(seen).size], [total, total]);
  },

  "list: a void order": async () => {
    const { items } = await ownedBy(token("third")).customerPortal.orders.list();
    expect(items.map((shown) => shown.status), ["void"]);
  },

  "get: a product by the unit": async () => {
    const shown = await ownedBy(token("fourth")).customerPortal.orders.get(order("units"));
    expect([shown.units, shown.product.prices.map((price) => price.amount_type)], [20, ["unit_based"]]);
  },

  "get: the period of an item": async () => {
    const [item] = (await get("renewal")).items;
    expect(item.start_timestamp < item.end_timestamp, true);
  },

  "get: an order and its product": async () => {
    const shown = await get("paid");
    expect([shown.id, shown.status, shown.paid], [order("paid"), "paid", true]);
    expect([shown.net_amount, shown.tax_amount, shown.total_amount], [1000, 89, 1089]);
    expect(shown.billing_address.country, "US");
    expect(shown.items.map((item) => item.label), ["Pro Plan"]);
    expect(shown.product.benefits.map((benefit) => benefit.description), ["Priority support"]);
    expect(shown.created_at.at(-1), "Z");
  },

  "get: a renewal and its subscription": async () => {
    const shown = await get("renewal");
    expect([shown.billing_reason, shown.subscription.status], ["subscription_cycle", "active"]);
    expect(shown.product.recurring_interval, "month");
  },

  "get: a refunded order": async () => {
    const shown = await get("refunded");
    expect([shown.status, shown.refunded_amount], ["partially_refunded", 400]);
    expect([shown.refundable_amount, shown.refundable_tax_amount], [600, 53]);
  },

  "get: an order without product": async () => {
    const shown = await get("no_product");
    expect([shown.product, shown.description], [null, "Consulting"]);
  },

  "get: a free product": async () => {
    const shown = await ownedBy(token("other")).customerPortal.orders.get(order("free"));
    expect(shown.product.prices.map((price) => price.price_amount ?? 0), [0]);
  },

  "patch: what it names": async () => {
    let shown = await patch("renamed", { billing_name: "Ada Lovelace" });
    expect([shown.billing_name, shown.billing_address.city], ["Ada Lovelace", "New York"]);
    const billing_address = { line1: "1 Way", postal_code: "10001", city: "Troy", state: "US-NY", country: "US" };
    await patch("renamed", { billing_address });
    shown = await get("renamed");
    const { city, line2 } = shown.billing_address;
    expect([shown.billing_name, city, line2], ["Ada Lovelace", "Troy", null]);
  },

  "patch: null clears": async () => {
    const shown = await patch("cleared", { billing_name: null, billing_address: null });
    expect([shown.billing_name, shown.billing_address], [null, null]);
  },

  "patch: nothing": async () => {
    const shown = await patch("untouched", {});
    expect([shown.billing_name, shown.modified_at], ["Jane Doe", null]);
  },

  "invoice: generated": async () => {
    expect(await generate("scheduled"), null);
  },

  "invoice: polled": async () => {
    await generate("polled");
    await waitUntil(async () => (await get("polled")).is_invoice_generated);
  },

  "invoice: downloaded": async () => {
    await expectPdf((await orders.invoice(order("issued"))).url);
  },

  "invoice: of an unpaid order": async () => {
    expect(await generate("unpaid"), null);
  },

  // The first request has the receipt made, and is answered without a link.
  "receipt: asked for": async () => {
    expect((await orders.receipt(order("unread")))?.url, undefined);
  },

  "receipt: downloaded": async () => {
    await expectPdf((await orders.receipt(order("receipted"))).url);
  },
};
