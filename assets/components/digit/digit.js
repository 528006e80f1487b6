// A handwritten digit on its way into a network, and the network's reasons. Nothing here needs the server: class,
// unit and cell are chosen in the browser.
//
// data: Stages or Inside (types.js)

/** @import { FrontendRendererArgs } from "@streamlit/component-v2-lib" */
/** @import { Inside, Kept, Stages } from "./types.js" */

import { HERE } from "../live/slopes.js";
import { keeper, mounting, readProps } from "../shared/data.js";
import { rootOf, setColours } from "../shared/dom.js";
import { InsideView } from "./inside.js";
import { drawStages } from "./stages.js";

const keeping = keeper(() => /** @type {Kept} */ ({ digit: null, unit: null, stop: null }));

/** @param {FrontendRendererArgs<Record<string, never>, string>} args */
function mount({ data: text, parentElement }) {
  const data = /** @type {Stages | Inside} */ (readProps(text));
  const root = rootOf(parentElement, ".digit");
  setColours(root, data.colours, "--digit-");
  const kept = keeping(parentElement);
  kept.stop?.();
  kept.stop = null;
  if (data.view === "stages") {
    drawStages(root, data);
  } else {
    const view = new InsideView(root, data, kept);
    const onNetwork = () => view.onNetwork();
    document.addEventListener(HERE, onNetwork);
    kept.stop = () => document.removeEventListener(HERE, onNetwork);
  }
  return () => kept.stop?.();
}

export default mounting(mount);
