"""An application that stands for yours: makes a world of its own on the mock, and reads the world's paid order."""

import json
import os
import urllib.request
from typing import Any

SERVER, KEY = os.environ["POLAR_SERVER_URL"], os.environ.get("POLAR_MOCK_KEY", "")


def call(method: str, path: str, body: Any = None, **headers: str) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        SERVER + path, data, {"Content-Type": "application/json", **headers}, method=method
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)


world = call("POST", "/_mock/worlds", {"scenario": "demo"}, **{"X-Mock-Key": KEY})
order_id, token = world["ids"]["order:paid"], world["tokens"]["customer"]
order = call("GET", f"/v1/customer-portal/orders/{order_id}", Authorization=f"Bearer {token}")
print(f"order {order['id']} is {order['status']}: {order['total_amount']} {order['currency']}")
