// Hands the network's picture its photograph, and the gradient of the pinned unit once the server has it.
//
// data: JSON text { photo, heat, at, message }; see ../network/types.js, Feed.

import { mounting, readProps } from "../shared/data.js";

/** @typedef {import("@streamlit/component-v2-lib").FrontendRendererArgs<Record<string, never>, string>} Args */

/** @param {Args} args */
function mount({ data }) {
  /** @type {import("../network/types.js").Feed} */
  const feed = readProps(data);
  const hand = () => document.dispatchEvent(new CustomEvent("shapelab-network", { detail: feed }));
  hand();
  document.addEventListener("shapelab-network-ask", hand);
  return () => document.removeEventListener("shapelab-network-ask", hand);
}

export default mounting(mount);
