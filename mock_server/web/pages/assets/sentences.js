// Say in a sentence what an answer of the API or of the control API refused.

// "" for an answer that refuses nothing.
export async function refusalOf(response) {
  if (response.ok) return "";
  const body = await response.json().catch(() => null);
  if (response.status === 429) {
    const seconds = response.headers.get("Retry-After");
    return `Too many requests. Try again ${seconds ? `in ${seconds} seconds` : "later"}.`;
  }
  return said(body) || `The answer was ${response.status} without a reason.`;
}

// Each validation item with the name of its field, if it has one.
export function itemsOf(body) {
  if (!Array.isArray(body?.detail)) return [];
  return body.detail.map((item) => ({ field: String(item.loc?.at(-1) ?? ""), text: sentence(item.msg) }));
}

function said(body) {
  // The control API names the place of a problem, and its message goes on from there: "is 7; it has to be ...".
  if (body?.problems?.length) return body.problems.map(({ path, message }) => sentence(`${words(path)} ${message}`)).join(" ");
  const items = itemsOf(body).map(({ field, text }) => (field ? `${words(field)}: ${text}` : text));
  if (items.length) return items.join(" ");
  const detail = typeof body?.detail === "string" ? body.detail : body?.error_description;
  return detail ? sentence(detail) : "";
}

function words(name) {
  const text = name.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function sentence(text) {
  const whole = String(text).replace(/^Value error, /, "").trim();
  const big = whole.charAt(0).toUpperCase() + whole.slice(1);
  return /[.!?]$/.test(big) ? big : `${big}.`;
}
