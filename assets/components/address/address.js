// Puts the address right where it stands: opening a page adds no step to the browser's history.
//
// data: two query strings, the old and the new one, and keys that stay as they are, with a blank between them.
// Nothing happens where the browser has gone on from the old one.

/** @param {{ data: string }} component */
export default function ({ data }) {
  const [old = "", wanted = "", kept = ""] = data.split(" ");
  const before = new Map(new URLSearchParams(old));
  const after = new URLSearchParams(wanted);
  const others = new Set(kept.split(","));
  const now = [...new URLSearchParams(location.search)];
  const staysPut = (/** @type {string} */ key) => others.has(key) || key.toLowerCase().startsWith("embed");
  const last = new Map(now.filter(([key]) => !staysPut(key)));
  const isThere = last.size === before.size && [...before].every(([key, text]) => last.get(key) === text);
  if (!isThere) return;
  for (const [key, text] of now) if (staysPut(key)) after.append(key, text);
  const query = after.toString();
  history.replaceState(history.state, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
}
