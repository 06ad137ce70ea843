// Checks of every refusal: the SDK chooses the class of error by the status, regardless of the body.
import { UNKNOWN_ID, order, refusal, token } from "../checking.mjs";
import { generate, member, orders, organization, ownedBy, patch, retired } from "./fixtures.mjs";

const payAgain = { confirmation_token_id: "ctoken_succeeded" };
const listedBy = (accessToken) => ownedBy(accessToken).customerPortal.orders.list();

export const CHECKS = {
  "refused: unpaid": refusal(() => generate("unpaid"), "NotPaidOrder", 422, "NotPaidOrder"),
  "refused: billing details missing": refusal(
    () => generate("missing_billing"), "MissingInvoiceBillingDetails", 422, "MissingInvoiceBillingDetails",
  ),
  "refused: unpaid, for the organization": refusal(
    () => organization.orders.generateInvoice(order("unpaid")), "NotPaidOrder", 422, "NotPaidOrder",
  ),
  "refused: invoice of a draft": refusal(
    () => ownedBy(token("fourth")).customerPortal.orders.generateInvoice(order("draft")),
    "OrderNotEligibleForInvoice",
    409,
    "OrderNotEligibleForInvoice",
  ),
  "refused: invoice of a stranger's order": refusal(() => generate("free"), "ResourceNotFound", 404, "ResourceNotFound"),
  "refused: unknown order": refusal(() => orders.get(UNKNOWN_ID), "ResourceNotFound", 404, "ResourceNotFound"),
  "refused: patch of a stranger's order": refusal(
    () => patch("free", { billing_name: "Eve" }), "ResourceNotFound", 404, "ResourceNotFound",
  ),
  "refused: not generated yet": refusal(
    () => orders.invoice(order("fresh")), "ResourceNotFound", 404, "InvoiceDoesNotExist",
  ),
  "refused: no id": refusal(() => orders.get("abc"), "HTTPValidationError", 422, "uuid"),
  "refused: another country": refusal(
    () => patch("fresh", { billing_address: { country: "FR" } }), "HTTPValidationError", 422, "Country cannot be changed",
  ),
  "refused: paying twice": refusal(
    () => orders.confirmRetryPayment(order("paid"), payAgain),
    "OrderNotEligibleForRetry",
    422,
    "OrderNotEligibleForRetry",
  ),
  "refused: receipt": refusal(() => orders.receipt(order("paid")), "ResourceNotFound", 404, "Not Found"),
  "refused: wrong token": refusal(() => listedBy("polar_cst_wrong"), "PolarClientError", 401, "invalid_token"),
  // Without a token this release sends "Bearer undefined".
  "refused: no token": refusal(() => listedBy(undefined), "PolarClientError", 401, "invalid_token"),
  "refused: expired session": refusal(() => listedBy(token("expired")), "PolarClientError", 401, "invalid_token"),
  "refused: wrong organization token": refusal(
    () => ownedBy("polar_oat_wrong").orders.list(), "PolarClientError", 401, "invalid_token",
  ),
  "refused: a plain member": refusal(
    () => member("plain").customerPortal.orders.list(), "PolarClientError", 403, "NotPermitted",
  ),
  // A service that no longer has the version answers as to an unknown path.
  "retired version: a list": refusal(
    () => retired("customer").customerPortal.orders.list(), "PolarClientError", 404, "Not Found",
  ),
  "retired version: an order": refusal(
    () => retired("customer").customerPortal.orders.get(UNKNOWN_ID), "PolarClientError", 404, "Not Found",
  ),
  "retired version: a session": refusal(
    () => retired("organization").customerSessions.create({ customer_id: UNKNOWN_ID }),
    "PolarClientError",
    404,
    "Not Found",
  ),
};
