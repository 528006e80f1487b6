// Hands what the sliders say to the picture beside it. A component of its own, because Streamlit sends a component's
// whole data again whenever one part of it changes: this one's is small, the picture's is not.
//
// data: Spec (see ../conv/types.js) as JSON text; event of the document: "shapelab-conv", detail = the Spec.

/** @import { FrontendRendererArgs } from "@streamlit/component-v2-lib" */

import { mounting } from "../shared/data.js";

/** @param {FrontendRendererArgs<Record<string, never>, string>} args */
function mount({ data }) {
  const tell = () => document.dispatchEvent(new CustomEvent("shapelab-conv", { detail: JSON.parse(data) }));
  document.addEventListener("shapelab-conv-ask", tell);
  tell();
  return () => document.removeEventListener("shapelab-conv-ask", tell);
}

export default mounting(mount);
