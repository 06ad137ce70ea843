// The customer's portal: an ordinary client of the API, with the token of the address.

import { itemsOf, refusalOf } from "./sentences.js";

const API = "/v1/customer-portal";
const ADDRESS = ["line1", "line2", "postal_code", "city", "state", "country"];
const SECONDS_BETWEEN = 1;
const MOST_TRIES = 60;

const problem = document.getElementById("problem");
const token = takeToken();

// The token leaves the address bar; this tab keeps it, so that the page can be loaded again.
function takeToken() {
  const kept = `polar-portal ${location.pathname}`;
  const query = new URLSearchParams(location.search);
  const given = query.get("customer_session_token") ?? query.get("member_session_token");
  if (given) sessionStorage.setItem(kept, given);
  history.replaceState(null, "", location.pathname);
  return given ?? sessionStorage.getItem(kept);
}

function call(method, path, body) {
  const headers = { Authorization: `Bearer ${token}` };
  if (body) headers["Content-Type"] = "application/json";
  return fetch(API + path, { method, headers, body: body && JSON.stringify(body), cache: "no-store" });
}

async function explained(response) {
  if (response.status === 401) return "This link has expired. Ask the shop for a new one.";
  return refusalOf(response);
}

async function start() {
  if (!token) return say("This address has no session. Open the link that the shop gave you.");
  const [user, orders] = await Promise.all([call("GET", "/customer-session/user"), call("GET", "/orders/?limit=100")]);
  if (user.ok) {
    const { name, email } = await user.json();
    document.getElementById("who").textContent = [name, email].filter(Boolean).join(", ");
  }
  if (!orders.ok) return say(await explained(orders));
  const { items } = await orders.json();
  document.getElementById("orders").replaceChildren(...items.map(card));
  return items.length ? undefined : say("There are no orders yet.");
}

function say(text) {
  problem.textContent = text;
}

function card(order) {
  const made = document.getElementById("order").content.cloneNode(true).firstElementChild;
  made.querySelector("h2").textContent = order.product?.name ?? order.description;
  made.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    save(made, order).catch(unreachable(made));
  });
  made.querySelector(".invoice").addEventListener("click", () => fetchInvoice(made, order).catch(unreachable(made)));
  show(made, order);
  return made;
}

function unreachable(made) {
  return () => tell(made, "The shop did not answer. Try again.", true);
}

function show(made, order) {
  const status = order.status.replaceAll("_", " ");
  const day = new Date(order.created_at).toLocaleDateString(undefined, { dateStyle: "medium" });
  made.querySelector(".facts").textContent = [day, money(order.total_amount, order.currency), status].join(" · ");
  const { elements } = made.querySelector("form");
  elements.billing_name.value = order.billing_name ?? "";
  for (const name of ADDRESS) elements[name].value = order.billing_address?.[name] ?? "";
  made.querySelector("h2").id = `order-${order.id}`;
  made.setAttribute("aria-labelledby", `order-${order.id}`);
}

function money(amount, currency) {
  const format = new Intl.NumberFormat(undefined, { style: "currency", currency });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
}

function tell(made, text, isBad = false) {
  const said = made.querySelector(".said");
  said.textContent = text;
  said.classList.toggle("bad", isBad);
}

async function save(made, order) {
  const { elements } = made.querySelector("form");
  for (const input of elements) input.removeAttribute("aria-invalid");
  const address = Object.fromEntries(ADDRESS.map((name) => [name, elements[name].value.trim() || null]));
  const hasAddress = Object.values(address).some(Boolean);
  const body = { billing_name: elements.billing_name.value.trim() || null, billing_address: hasAddress ? address : null };
  const response = await call("PATCH", `/orders/${order.id}`, body);
  if (response.ok) {
    Object.assign(order, await response.json());
    show(made, order);
    tell(made, "Saved.");
    return;
  }
  for (const { field } of itemsOf(await response.clone().json().catch(() => null))) {
    elements.namedItem(field)?.setAttribute("aria-invalid", "true");
  }
  tell(made, await explained(response), true);
  made.querySelector("[aria-invalid]")?.focus();
}

// An invoice takes a moment: ask for it, then look until it is there.
async function fetchInvoice(made, order) {
  const path = `/orders/${order.id}/invoice`;
  let found = await call("GET", path);
  if (found.status === 404) {
    const asked = await call("POST", path);
    if (!asked.ok) return tell(made, await explained(asked), true);
    tell(made, "The invoice is being made.");
    for (let tries = 0; found.status === 404 && tries < MOST_TRIES; tries += 1) {
      await new Promise((later) => setTimeout(later, SECONDS_BETWEEN * 1000));
      found = await call("GET", path);
    }
  }
  if (found.status === 404) return tell(made, "The invoice is not there yet. Try again later.", true);
  if (!found.ok) return tell(made, await explained(found), true);
  return present(made, (await found.json()).url);
}

function present(made, url) {
  const link = made.querySelector(".document");
  link.href = url;
  link.hidden = false;
  tell(made, "The invoice is ready.");
  // A browser opens a page by itself only shortly after a click.
  if (navigator.userActivation?.isActive) link.click();
  link.focus();
}

start().catch(() => say("The shop did not answer. Try again later."));
