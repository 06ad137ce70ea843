// The SDK as a customer, as members and as an organization use it.
import { createPolar } from "@polar-sh/sdk/2026-04";
import { given, order, token } from "../checking.mjs";

export const ownedBy = (accessToken) => createPolar({ accessToken, baseUrl: given.base_url });
export const member = (key) => ownedBy(token(key, given.team));
export const polar = ownedBy(token("customer"));
export const organization = ownedBy(token("organization"));
export const orders = polar.customerPortal.orders;

export const get = (key) => orders.get(order(key));
export const patch = (key, changes) => orders.update(order(key), changes);
export const generate = (key) => orders.generateInvoice(order(key));
