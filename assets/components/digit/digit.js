// A handwritten digit on its way into a network, and the network's reasons. Nothing here needs the server: class,
// unit and cell are chosen in the browser.
//
// data: Stages or Inside (types.js)

/** @import { FrontendRendererArgs } from "@streamlit/component-v2-lib" */
/** @import { Inside, Kept, Stages } from "./types.js" */

import { keeper } from "../shared/data.js";
import { rootOf, setColours } from "../shared/dom.js";
import { InsideView } from "./inside.js";
import { drawStages } from "./stages.js";

const keeping = keeper(() => /** @type {Kept} */ ({ digit: null, unit: null }));

/** @param {FrontendRendererArgs<Record<string, never>, Stages | Inside>} args */
export default function ({ data, parentElement }) {
  const root = rootOf(parentElement, ".digit");
  setColours(root, data.colours, "--digit-");
  if (data.view === "stages") drawStages(root, data);
  else new InsideView(root, data, keeping(parentElement));
}
