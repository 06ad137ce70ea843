// Checks of endpoints and deliveries over the API, and the SDK's own verification of sent webhooks.
import { errors, webhooks } from "@polar-sh/sdk/2026-04";
import { Webhook } from "standardwebhooks";
import { UNKNOWN_ID, expect, expectEvents, given, raised, secret } from "../checking.mjs";
import { organization } from "./fixtures.mjs";

const HOOK = { url: "https://example.com/hook", format: "raw", events: ["order.updated", "order.paid"] };
const hooks = organization.webhooks;

export const CHECKS = {
  "webhooks: an endpoint's life": async () => {
    const made = await hooks.createWebhookEndpoint(HOOK);
    expect([made.url, made.events, made.enabled], [HOOK.url, HOOK.events, true]);
    const listed = (await hooks.listWebhookEndpoints({ limit: 100 })).items.map((hook) => hook.id);
    expect(listed.includes(made.id), true);
    expect((await hooks.updateWebhookEndpoint(made.id, { events: ["order.created"] })).events, ["order.created"]);
    expect((await hooks.getWebhookEndpoint(made.id)).secret, made.secret);
    await hooks.deleteWebhookEndpoint(made.id);
    await raised(errors.ResourceNotFound, () => hooks.getWebhookEndpoint(made.id));
  },

  "webhooks: deliveries listed": async () => {
    const deliveries = (await hooks.listWebhookDeliveries({ limit: 100 })).items;
    expect([...new Set(deliveries.map((delivery) => delivery.http_code))], [200]);
    await hooks.redeliverWebhookEvent(deliveries[0].webhook_event.id);
  },

  "webhooks: deliveries verified": async () => {
    const verify = (sent) => webhooks.validateEvent(sent.body, sent.headers, secret);
    const events = await Promise.all(given.deliveries.map(verify));
    expectEvents(events.map((event) => [event.type, event.data.id]));
  },

  "webhooks: forgeries refused": async () => {
    const [sent] = given.deliveries;
    const forgeries = [
      () => webhooks.validateEvent(`${sent.body} `, sent.headers, secret),
      () => webhooks.validateEvent(sent.body, sent.headers, `${secret}x`),
      () => webhooks.validateEvent(sent.body, { ...sent.headers, "webhook-id": UNKNOWN_ID }, secret),
    ];
    for (const forgery of forgeries) await raised(webhooks.PolarWebhookVerificationError, forgery);
  },

  "webhooks: standardwebhooks": async () => {
    const verifier = new Webhook(Buffer.from(secret, "utf8").toString("base64"));
    const events = given.deliveries.map((sent) => verifier.verify(sent.body, sent.headers));
    expectEvents(events.map((event) => [event.type, event.data.id]));
  },
};
