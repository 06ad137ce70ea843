// The TypeScript sample.
import { Polar } from "@polar-sh/sdk";

const polar = new Polar({ serverURL: process.env["POLAR_BASE_URL"] });

async function run() {
  const result = await polar.customerPortal.orders.generateInvoice({
    customerSession: process.env["POLAR_CUSTOMER_SESSION"] ?? "",
  }, {
    id: process.env["POLAR_ORDER_ID"] ?? "",
  });

  console.log(result);
}

run();
