// Hands what Python knows to the pictures that live in the browser. A component of its own, because these are sent
// whole where anything in their data changes: this one is small.
//
// data: JSON text, passed on as it is; event of the document: "shapelab-live", detail = data.

/** @import { FrontendRendererArgs } from "@streamlit/component-v2-lib" */

import { mounting } from "../shared/data.js";

/** @param {FrontendRendererArgs<Record<string, never>, string>} args */
function mount({ data }) {
  const tell = () => document.dispatchEvent(new CustomEvent("shapelab-live", { detail: data }));
  document.addEventListener("shapelab-live-ask", tell);
  tell();
  return () => document.removeEventListener("shapelab-live-ask", tell);
}

export default mounting(mount);
