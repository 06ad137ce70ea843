// Checks of a customer's orders: list, get, patch, generate, poll, download.
import { Polar } from "@polar-sh/sdk";
import { Skipped, UNKNOWN_ID, expect, expectPdf, given, order, token, waitUntil } from "../checking.mjs";
import { customer, generate, get, orders, patch, session } from "./fixtures.mjs";

export const CHECKS = {
  "base URL: a slash at its end": async () => {
    const polar = new Polar({ serverURL: `${given.base_url}/` });
    expect((await polar.customerPortal.orders.get(customer, { id: order("paid") })).id, order("paid"));
  },

  "list: every order": async () => {
    const { items, pagination } = (await orders.list(customer, { limit: 100 })).result;
    const ids = items.map((shown) => shown.id);
    expect(pagination.totalCount, items.length);
    expect(["paid", "renewal", "unpaid", "no_product"].filter((key) => !ids.includes(order(key))), []);
  },

  "list: filtered": async () => {
    const productId = [given.shop.ids["product:club"], UNKNOWN_ID];
    const { items } = (await orders.list(customer, { productId, query: "monthly club" })).result;
    expect(items.map((shown) => shown.id), [order("renewal")]);
  },

  "list: every page": async () => {
    const seen = [];
    let total;
    for await (const page of await orders.list(customer, { limit: 4, sorting: ["amount"] })) {
      total = page.result.pagination.totalCount;
      seen.push(...page.result.items.map((shown) => shown.id));
    }
    expect([seen.length, new Set(seen).size], [total, total]);
  },

  "list: a void order": async () => {
    const { items } = (await orders.list(session("third"), {})).result;
    expect(items.map((shown) => shown.status), ["void"]);
  },

  "get: a product by the unit": async () => {
    const shown = await orders.get(session("fourth"), { id: order("units") });
    expect(shown.product.prices.map((price) => price.amountType), ["unit_based"]);
  },

  "get: the period of an item": async () => {
    const [item] = (await get("renewal")).items;
    if (!("startTimestamp" in item)) throw new Skipped("the release has no startTimestamp and endTimestamp");
    expect(item.startTimestamp < item.endTimestamp, true);
  },

  "get: an order and its product": async () => {
    const shown = await get("paid");
    expect([shown.id, shown.status, shown.paid], [order("paid"), "paid", true]);
    expect([shown.netAmount, shown.taxAmount, shown.totalAmount], [1000, 89, 1089]);
    expect(shown.billingAddress.country, "US");
    expect(shown.items.map((item) => item.label), ["Pro Plan"]);
    expect(shown.product.benefits.map((benefit) => benefit.description), ["Priority support"]);
    expect(shown.createdAt instanceof Date, true);
  },

  "get: a renewal and its subscription": async () => {
    const shown = await get("renewal");
    expect([shown.billingReason, shown.subscription.status], ["subscription_cycle", "active"]);
    expect(shown.product.recurringInterval, "month");
  },

  "get: a refunded order": async () => {
    const shown = await get("refunded");
    expect([shown.status, shown.refundedAmount], ["partially_refunded", 400]);
    expect([shown.refundableAmount, shown.refundableTaxAmount], [600, 53]);
  },

  "get: an order without product": async () => {
    const shown = await get("no_product");
    expect([shown.product, shown.description], [null, "Consulting"]);
  },

  "get: a free product": async () => {
    const shown = await orders.get({ customerSession: token("other") }, { id: order("free") });
    expect(shown.product.prices.map((price) => price.priceAmount ?? 0), [0]);
  },

  "patch: what it names": async () => {
    let shown = await patch("renamed", { billingName: "Ada Lovelace" });
    expect([shown.billingName, shown.billingAddress.city], ["Ada Lovelace", "New York"]);
    const billingAddress = { line1: "1 Way", postalCode: "10001", city: "Troy", state: "US-NY", country: "US" };
    await patch("renamed", { billingAddress });
    shown = await get("renamed");
    expect(
      [shown.billingName, shown.billingAddress.city, shown.billingAddress.line2 ?? null],
      ["Ada Lovelace", "Troy", null],
    );
  },

  "patch: null clears": async () => {
    const shown = await patch("cleared", { billingName: null, billingAddress: null });
    expect([shown.billingName, shown.billingAddress], [null, null]);
  },

  "patch: nothing": async () => {
    const shown = await patch("untouched", {});
    expect([shown.billingName, shown.modifiedAt], ["Jane Doe", null]);
  },

  "invoice: generated": async () => {
    expect(await generate("scheduled"), null);
  },

  "invoice: polled": async () => {
    await generate("polled");
    await waitUntil(async () => (await get("polled")).isInvoiceGenerated);
  },

  "invoice: downloaded": async () => {
    await expectPdf((await orders.invoice(customer, { id: order("issued") })).url);
  },

  "invoice: of an unpaid order": async () => {
    expect(await generate("unpaid"), null);
  },

  // The first request has the receipt made, and is answered without a link.
  "receipt: asked for": async () => {
    expect((await orders.receipt(customer, { id: order("unread") }))?.url, undefined);
  },

  "receipt: downloaded": async () => {
    await expectPdf((await orders.receipt(customer, { id: order("receipted") })).url);
  },
};
