// Checks of every refusal: the SDK raises its own class of error.
import { UNKNOWN_ID, order, refusal, token } from "../checking.mjs";
import { customer, generate, member, orders, organization, ownedBy, patch, session } from "./fixtures.mjs";

const paid = { id: order("paid") };
const payAgain = { ...paid, customerOrderConfirmPayment: { confirmationTokenId: "ctoken_succeeded" } };
const abroad = { billingAddress: { country: "FR" } };
const listedBy = (customerSession) => orders.list({ customerSession }, {});

export const CHECKS = {
  "refused: unpaid": refusal(() => generate("unpaid"), "NotPaidOrder", 422, "NotPaidOrder"),
  "refused: billing details missing": refusal(
    () => generate("missing_billing"), "MissingInvoiceBillingDetails", 422, "MissingInvoiceBillingDetails",
  ),
  "refused: unpaid, for the organization": refusal(
    () => organization.orders.generateInvoice({ id: order("unpaid") }), "NotPaidOrder", 422, "NotPaidOrder",
  ),
  "refused: invoice of a draft": refusal(
    () => orders.generateInvoice(session("fourth"), { id: order("draft") }),
    "SDKError | OrderNotEligibleForInvoice",
    409,
    "OrderNotEligibleForInvoice",
  ),
  "refused: invoice of a stranger's order": refusal(
    () => generate("free"), "SDKError | ResourceNotFound", 404, "ResourceNotFound",
  ),
  "refused: unknown order": refusal(
    () => orders.get(customer, { id: UNKNOWN_ID }), "ResourceNotFound", 404, "ResourceNotFound",
  ),
  "refused: patch of a stranger's order": refusal(
    () => patch("free", { billingName: "Eve" }), "ResourceNotFound", 404, "ResourceNotFound",
  ),
  "refused: not generated yet": refusal(
    () => orders.invoice(customer, { id: order("fresh") }), "ResourceNotFound", 404, "InvoiceDoesNotExist",
  ),
  "refused: no id": refusal(() => orders.get(customer, { id: "abc" }), "HTTPValidationError", 422, "uuid"),
  "refused: another country": refusal(
    () => patch("fresh", abroad), "HTTPValidationError", 422, "Country cannot be changed",
  ),
  "refused: paying twice": refusal(
    () => orders.confirmRetryPayment(customer, payAgain), "OrderNotEligibleForRetry", 422, "OrderNotEligibleForRetry",
  ),
  "refused: receipt": refusal(() => orders.receipt(customer, paid), "ResourceNotFound", 404, "Not Found"),
  "refused: wrong token": refusal(() => listedBy("polar_cst_wrong"), "SDKError", 401, "invalid_token"),
  "refused: no token": refusal(() => orders.get({}, paid), "SDKError", 401, "Unauthorized"),
  "refused: expired session": refusal(() => listedBy(token("expired")), "SDKError", 401, "invalid_token"),
  "refused: wrong organization token": refusal(
    () => ownedBy("polar_oat_wrong").orders.list({}), "SDKError", 401, "invalid_token",
  ),
  "refused: a plain member": refusal(() => orders.list(member("plain"), {}), "SDKError", 403, "NotPermitted"),
};
