// Checks of endpoints and deliveries over the API, and the SDK's own verification of sent webhooks.
import { ResourceNotFound } from "@polar-sh/sdk/models/errors/resourcenotfound.js";
import { WebhookVerificationError, validateEvent } from "@polar-sh/sdk/webhooks.js";
import { Webhook } from "standardwebhooks";
import { UNKNOWN_ID, expect, expectEvents, given, raised, secret } from "../checking.mjs";
import { organization } from "./fixtures.mjs";

const HOOK = { url: "https://example.com/hook", format: "raw", events: ["order.updated", "order.paid"] };
const hooks = organization.webhooks;

export const CHECKS = {
  "webhooks: an endpoint's life": async () => {
    const made = await hooks.createWebhookEndpoint(HOOK);
    const { id } = made;
    expect([made.url, made.events, made.enabled], [HOOK.url, HOOK.events, true]);
    const listed = (await hooks.listWebhookEndpoints({ limit: 100 })).result.items.map((hook) => hook.id);
    expect(listed.includes(id), true);
    const update = { id, webhookEndpointUpdate: { events: ["order.created"] } };
    expect((await hooks.updateWebhookEndpoint(update)).events, ["order.created"]);
    expect((await hooks.getWebhookEndpoint({ id })).secret, made.secret);
    await hooks.deleteWebhookEndpoint({ id });
    await raised(ResourceNotFound, () => hooks.getWebhookEndpoint({ id }));
  },

  "webhooks: deliveries listed": async () => {
    const deliveries = (await hooks.listWebhookDeliveries({ limit: 100 })).result.items;
    expect([...new Set(deliveries.map((delivery) => delivery.httpCode))], [200]);
    await hooks.redeliverWebhookEvent({ id: deliveries[0].webhookEvent.id });
  },

  "webhooks: deliveries verified": async () => {
    const events = given.deliveries.map((sent) => validateEvent(sent.body, sent.headers, secret));
    expectEvents(events.map((event) => [event.type, event.data.id]));
  },

  "webhooks: forgeries refused": async () => {
    const [sent] = given.deliveries;
    const forgeries = [
      () => validateEvent(`${sent.body} `, sent.headers, secret),
      () => validateEvent(sent.body, sent.headers, `${secret}x`),
      () => validateEvent(sent.body, { ...sent.headers, "webhook-id": UNKNOWN_ID }, secret),
    ];
    for (const forgery of forgeries) await raised(WebhookVerificationError, forgery);
  },

  "webhooks: standardwebhooks": async () => {
    const verifier = new Webhook(Buffer.from(secret, "utf8").toString("base64"));
    const events = given.deliveries.map((sent) => verifier.verify(sent.body, sent.headers));
    expectEvents(events.map((event) => [event.type, event.data.id]));
  },
};
