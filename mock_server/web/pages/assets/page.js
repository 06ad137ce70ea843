// The pages under /_mock/: send what a button says, load the page anew, and follow the journal.
// The server writes everything that is shown; this file only puts it in place.

import { refusalOf } from "./sentences.js";

const KEY = "polar-mock-key";
const status = document.getElementById("status");
const main = () => document.getElementById("main");
const key = () => sessionStorage.getItem(KEY);
const withKey = (more = {}) => (key() ? { "X-Mock-Key": key(), ...more } : more);

// --- Load and show -------------------------------------------------------------------------------------------------

async function load(url) {
  const response = await fetch(url, { headers: withKey({ Accept: "text/html" }), cache: "no-store" });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return { response, page };
}

async function refresh() {
  const { response, page } = await load(location.href);
  if (response.status === 401) return ask(key() ? "This is not the key." : "");
  document.title = page.title;
  morph(main(), page.getElementById("main"));
  return undefined;
}

let refreshing = 0;
function refreshSoon() {
  clearTimeout(refreshing);
  refreshing = setTimeout(() => refresh().catch(() => {}), 150);
}

// Change a node into another one, and keep what is the same: focus, open details and typed text stay where they are.
function morph(old, wanted) {
  if (old.isEqualNode(wanted) || old.hasAttribute("data-keep")) return;
  for (const { name } of [...old.attributes]) if (name !== "open" && !wanted.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of wanted.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const named = new Map([...old.children].filter((child) => child.id).map((child) => [child.id, child]));
  const ids = new Set([...wanted.children].map((child) => child.id));
  for (const [id, child] of named) if (!ids.has(id)) child.remove();
  let place = old.firstChild;
  for (const next of wanted.childNodes) {
    const same = next.id ? named.get(next.id) : place && !place.id && place.nodeName === next.nodeName ? place : null;
    if (!same) {
      const made = document.importNode(next, true);
      if (made.classList?.contains("row")) made.classList.add("new");
      old.insertBefore(made, place);
      continue;
    }
    if (same !== place) old.insertBefore(same, place);
    if (same.nodeType === Node.ELEMENT_NODE) morph(same, next);
    else if (same.data !== next.data) same.data = next.data;
    place = same.nextSibling;
  }
  while (place) {
    const gone = place;
    place = place.nextSibling;
    gone.remove();
  }
}

let hiding = 0;
function say(text, isBad = false) {
  clearTimeout(hiding);
  status.textContent = text;
  status.className = `toast ${text ? "shown" : ""} ${isBad ? "bad" : ""}`;
  if (!isBad) hiding = setTimeout(() => status.classList.remove("shown"), 5000);
}

// --- The key of a server that others reach ---------------------------------------------------------------------------

function ask(problem) {
  stop();
  sessionStorage.removeItem(KEY);
  if (!main().hasAttribute("data-key")) return location.reload();
  say(problem, true);
  document.getElementById("key-form").reset();
  return document.getElementById("key").focus();
}

async function open(given) {
  sessionStorage.setItem(KEY, given);
  await refresh();
  if (!main().hasAttribute("data-key")) {
    say("");
    follow();
  }
}

// --- Buttons and forms -------------------------------------------------------------------------------------------------

// Buttons and forms say what they send: data-method, data-path, data-body, and with data-token it goes to the API.
// Several paths stand apart by blanks.
async function send({ method, path, token, done, body }, parameters) {
  const sent = parameters ? JSON.stringify(parameters) : body;
  const headers = token ? { Authorization: `Bearer ${token}` } : withKey();
  if (sent) headers["Content-Type"] = "application/json";
  let response = null;
  for (const one of path.trim().split(" ")) response = await fetch(one, { method, headers, body: sent });
  const refusal = await refusalOf(response.clone());
  // An answer may tell why it did nothing.
  const detail = refusal ? "" : (await response.clone().json().catch(() => null))?.detail;
  say(refusal || detail || done, Boolean(refusal));
  return response;
}

function parametersOf(form) {
  const found = {};
  for (const input of form.elements) {
    if (!input.name) continue;
    const { digits } = input.dataset;
    if (digits) found[input.name] = Math.round(Number(input.value) * 10 ** Number(digits));
    else found[input.name] = input.type === "number" ? Number(input.value) : input.value;
  }
  return found;
}

async function act(element, parameters) {
  if (element.dataset.confirm && !confirm(element.dataset.confirm)) return;
  element.setAttribute("aria-busy", "true");
  const around = element.closest("tr, .row, .card, section");
  try {
    const response = await send(element.dataset, parameters);
    if (response.ok && parameters) element.reset();
    await refresh();
    // A button may be gone with what it did; the keyboard goes on beside it.
    if (document.activeElement === document.body) around?.querySelector("a, button, summary")?.focus();
  } catch {
    say("The mock did not answer: a fault struck, or it has stopped.", true);
  } finally {
    element.removeAttribute("aria-busy");
  }
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Browsers have a clipboard only on https and on this machine.
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  say("Copied.");
}

async function fill(row) {
  const inside = row.querySelector(".inside");
  if (!row.open || !row.dataset.source || inside.querySelector("article")) return;
  const { page } = await load(row.dataset.source);
  inside.replaceChildren(page.querySelector("article") ?? page.querySelector(".lead"));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[type=button]");
  if (button?.dataset.copy !== undefined) copy(button.dataset.copy);
  else if (button?.dataset.method) act(button);
  for (const menu of document.querySelectorAll(".more[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest(".more[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
document.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.target.id === "key-form") open(event.target.elements.key.value);
  else if (event.target.dataset.method) act(event.target, parametersOf(event.target));
});
document.addEventListener("toggle", (event) => event.target.matches("details.row") && fill(event.target), true);

// --- Follow the journal --------------------------------------------------------------------------------------------------

let following = null;
function stop() {
  following?.abort();
  following = null;
}

function showLive(isLive) {
  const live = document.getElementById("live");
  if (!live) return;
  live.textContent = isLive ? "live" : "not connected";
  live.classList.toggle("bad", !isLive);
}

// EventSource can't send a key, so the stream is read as any other answer.
async function follow() {
  stop();
  const own = (following = new AbortController());
  while (!own.signal.aborted && main().dataset.stream) {
    try {
      const response = await fetch(main().dataset.stream, { headers: withKey(), signal: own.signal });
      if (response.status === 404) return refreshSoon();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let { value, done } = await reader.read(); !done; { value, done } = await reader.read()) {
        showLive(true);
        // A comment says only that the stream is still there.
        if (!value.startsWith(":")) refreshSoon();
      }
    } catch {
      // The server has stopped, or nobody looks.
    }
    if (own.signal.aborted) return undefined;
    showLive(false);
    await new Promise((later) => setTimeout(later, 2000));
  }
  return undefined;
}

// Jobs and deliveries are in no journal, and links expire.
setInterval(() => document.hidden || !("waits" in main().dataset) || refreshSoon(), 2000);
setInterval(() => document.hidden || main().hasAttribute("data-key") || refreshSoon(), 60_000);
document.addEventListener("visibilitychange", () => {
  if (main().hasAttribute("data-key")) return;
  if (document.hidden) stop();
  else {
    refreshSoon();
    follow();
  }
});

if (!main().hasAttribute("data-key")) follow();
else if (key()) open(key());
