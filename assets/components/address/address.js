// Puts the address right where it stands: opening a page adds no step to the browser's history.
//
// data: two query strings with a blank between them, the old and the new one. Nothing happens where the browser
// has gone on from the old one.

/** @param {{ data: string }} component */
export default function ({ data }) {
  const [before, after] = data.split(" ").map((text) => new URLSearchParams(text));
  const now = new URLSearchParams(location.search);
  const stays = [...now].filter(([key]) => key.toLowerCase().startsWith("embed"));
  for (const [key] of stays) now.delete(key);
  const last = new Map(now);
  const isThere =
    last.size === new Map(before).size && [...before].every(([key, text]) => last.get(key) === text);
  if (!isThere) return;
  for (const [key, text] of stays) after.append(key, text);
  const query = after.toString();
  history.replaceState(history.state, "", `${location.pathname}${query ? `?${query}` : ""}${location.hash}`);
}
