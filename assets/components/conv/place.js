// The pinned cell in the address. The server knows nothing of it: whatever else changes the address drops it, and
// then it is written again.

/** @import { Cell } from "./types.js" */

import { parsePlace, placeText } from "./look.js";

const KEY = "at";
const SHOWN = 40;

/**
 * What the address says of the pin, null where it says nothing. `found` is null where it names no cell.
 *
 * @returns {{ value: string, found: ReturnType<typeof parsePlace> } | null}
 */
export function askedPlace() {
  const text = new URL(location.href).searchParams.get(KEY);
  return text === null ? null : { value: text.slice(0, SHOWN), found: parsePlace(text) };
}

/**
 * @param {Cell | null} place
 * @param {number} channel
 */
export function keepPlace(place, channel) {
  const address = new URL(location.href);
  const text = place ? placeText(place, channel) : null;
  if (address.searchParams.get(KEY) === text) return;
  if (text) address.searchParams.set(KEY, text);
  else address.searchParams.delete(KEY);
  history.replaceState(history.state, "", address);
}
