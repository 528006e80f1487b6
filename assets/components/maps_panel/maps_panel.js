// A place that "feature_maps" draws the sums of one cell into: beside it or below it, as the page wants.
// Event of the document: "shapelab-maps-panel", detail = the element.

import { mounting } from "../shared/data.js";
/** @import { FrontendRendererArgs } from "@streamlit/component-v2-lib" */
import { rootOf } from "../shared/dom.js";

/** @param {FrontendRendererArgs<Record<string, never>, string>} args */
function mount({ parentElement }) {
  const host = rootOf(parentElement, ".maps-panel");
  const tell = () => document.dispatchEvent(new CustomEvent("shapelab-maps-panel", { detail: host }));
  document.addEventListener("shapelab-maps-panel-ask", tell);
  if (!host.hasChildNodes()) tell();
  return () => document.removeEventListener("shapelab-maps-panel-ask", tell);
}

export default mounting(mount);
