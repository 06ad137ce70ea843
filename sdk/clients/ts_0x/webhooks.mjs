// Checks of endpoints and deliveries over the API, and the SDK's own verification of sent webhooks.
import { validateEvent } from "@polar-sh/sdk/webhooks.js";
import { Webhook } from "standardwebhooks";
import { UNKNOWN_ID, deliveries, expect, expectEvents, raised, secrets } from "../checking.mjs";
import { organization } from "./fixtures.mjs";

const HOOK = { url: "https://example.com/hook", format: "raw", events: ["order.updated", "order.paid"] };
const hooks = organization.webhooks;

// The SDK's own verification of what the endpoint got.
const verified = (name) => async () => {
  const verify = (sent) => validateEvent(sent.body, sent.headers, secrets[name]);
  const events = await Promise.all(deliveries[name].map(verify));
  expectEvents(events.map((event) => [event.type, event.data.id]));
};

const forgeriesRefused = (name) => async () => {
  const [sent] = deliveries[name];
  const secret = secrets[name];
  const forgeries = [
    () => validateEvent(`${sent.body} `, sent.headers, secret),
    () => validateEvent(sent.body, sent.headers, `${secret.slice(0, -6)}WRONG=`),
    () => validateEvent(sent.body, { ...sent.headers, "webhook-id": UNKNOWN_ID }, secret),
  ];
  for (const forgery of forgeries) await raised("WebhookVerificationError", forgery);
};

// The stock library. `key`: what it has to be given for the endpoint's secret.
const verifiedByTheLibrary = (name, key) => async () => {
  const verifier = new Webhook(key(secrets[name]));
  const events = deliveries[name].map((sent) => verifier.verify(sent.body, sent.headers));
  expectEvents(events.map((event) => [event.type, event.data.id]));
};

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
    await raised("ResourceNotFound", () => hooks.getWebhookEndpoint({ id }));
  },

  "webhooks: deliveries listed": async () => {
    const listed = (await hooks.listWebhookDeliveries({ limit: 100 })).result.items;
    expect([...new Set(listed.map((delivery) => delivery.httpCode))], [200]);
    await hooks.redeliverWebhookEvent({ id: listed[0].webhookEvent.id });
  },

  "webhooks: deliveries verified": verified("app"),
  "webhooks: forgeries refused": forgeriesRefused("app"),
  "webhooks: standardwebhooks": verifiedByTheLibrary("app", (secret) => Buffer.from(secret, "utf8").toString("base64")),
  "webhooks: deliveries verified, newer secret": verified("standard"),
  "webhooks: forgeries refused, newer secret": forgeriesRefused("standard"),
  "webhooks: standardwebhooks, newer secret": verifiedByTheLibrary("standard", (secret) => secret),
};
