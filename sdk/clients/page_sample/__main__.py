"""The Python sample."""

from __future__ import annotations

import os

import polar_sdk
from polar_sdk import Polar

with Polar(server_url=os.environ["POLAR_BASE_URL"]) as polar:
    answer = polar.customer_portal.orders.generate_invoice(
        security=polar_sdk.CustomerPortalOrdersGenerateInvoiceSecurity(
            customer_session=os.environ["POLAR_CUSTOMER_SESSION"],
        ),
        id=os.environ["POLAR_ORDER_ID"],
    )
    print(answer)
