// The SDK as a customer, as members and as an organization use it.
import { Polar } from "@polar-sh/sdk";
import { given, order, token } from "../checking.mjs";

export const customer = { customerSession: token("customer") };
export const session = (key) => ({ customerSession: token(key) });
export const member = (key) => ({ memberSession: token(key, given.team) });
export const polar = new Polar({ serverURL: given.base_url });
export const ownedBy = (accessToken) => new Polar({ accessToken, serverURL: given.base_url });
export const organization = ownedBy(token("organization"));
export const orders = polar.customerPortal.orders;

export const get = (key) => orders.get(customer, { id: order(key) });
export const patch = (key, customerOrderUpdate) => orders.update(customer, { id: order(key), customerOrderUpdate });
export const generate = (key) => orders.generateInvoice(customer, { id: order(key) });
