// The SDK as a customer, as members and as an organization use it.
import { given, order, token, version } from "../checking.mjs";

// The module of the version, which sends it.
export const { createPolar, webhooks } = await import(`@polar-sh/sdk/${version}`);

export const ownedBy = (accessToken) => createPolar({ accessToken, baseUrl: given.base_url });
export const member = (key) => ownedBy(token(key, given.team));
// With a token of the world that no longer serves the version.
export const retired = (key) => ownedBy(token(key, given.retired));
export const polar = ownedBy(token("customer"));
export const organization = ownedBy(token("organization"));
export const orders = polar.customerPortal.orders;

export const get = (key) => orders.get(order(key));
export const patch = (key, changes) => orders.update(order(key), changes);
export const generate = (key) => orders.generateInvoice(order(key));
