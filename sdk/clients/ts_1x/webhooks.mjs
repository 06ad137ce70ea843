// Checks of endpoints and deliveries over the API, and the SDK's own verification of sent webhooks.
import { Webhook } from "standardwebhooks";
import { UNKNOWN_ID, deliveries, expect, expectEvents, raised, secrets } from "../checking.mjs";
import { organization, webhooks } from "./fixtures.mjs";

const HOOK = { url: "https://example.com/hook", format: "raw", events: ["order.updated", "order.paid"] };
const hooks = organization.webhooks;

// The SDK's own verification of what the endpoint got.
const verified = (name) => async () => {
  const verify = (sent) => webhooks.validateEvent(sent.body, sent.headers, secrets[name]);
  const events = await Promise.all(deliveries[name].map(verify));
  expectEvents(events.map((event) => [event.type, event.data.id]));
};

const forgeriesRefused = (name) => async () => {
  const [sent] = deliveries[name];
  const secret = secrets[name];
  const forgeries = [
    () => webhooks.validateEvent(`${sent.body} `, sent.headers, secret),
    () => webhooks.validateEvent(sent.body, sent.headers, `${secret.slice(0, -6)}WRONG=`),
    () => webhooks.validateEvent(sent.body, { ...sent.headers, "webhook-id": UNKNOWN_ID }, secret),
  ];
  for (const forgery of forgeries) await raised("PolarWebhookVerificationError", forgery);
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
    expect([made.url, made.events, made.enabled], [HOOK.url, HOOK.events, true]);
    const listed = (await hooks.listWebhookEndpoints({ limit: 100 })).items.map((hook) => hook.id);
    expect(listed.includes(made.id), true);
    expect((await hooks.updateWebhookEndpoint(made.id, { events: ["order.created"] })).events, ["order.created"]);
    expect((await hooks.getWebhookEndpoint(made.id)).secret, made.secret);
    await hooks.deleteWebhookEndpoint(made.id);
    await raised("ResourceNotFound", () => hooks.getWebhookEndpoint(made.id));
  },

  "webhooks: deliveries listed": async () => {
    const listed = (await hooks.listWebhookDeliveries({ limit: 100 })).items;
    expect([...new Set(listed.map((delivery) => delivery.http_code))], [200]);
    await hooks.redeliverWebhookEvent(listed[0].webhook_event.id);
  },

  "webhooks: deliveries verified": verified("app"),
  "webhooks: forgeries refused": forgeriesRefused("app"),
  "webhooks: standardwebhooks": verifiedByTheLibrary("app", (secret) => Buffer.from(secret, "utf8").toString("base64")),
  "webhooks: deliveries verified, newer secret": verified("standard"),
  "webhooks: forgeries refused, newer secret": forgeriesRefused("standard"),
  "webhooks: standardwebhooks, newer secret": verifiedByTheLibrary("standard", (secret) => secret),
};
