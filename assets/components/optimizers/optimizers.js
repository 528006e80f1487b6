// The race on a surface: picture, loss over steps, the racers and their options, one step in numbers, the sweep, the
// program to take away. All of it is computed here; the server is told the race's text, for the address.
//
// data: JSON text of Props. State: race (text), as lib/core/optim/racers.py reads it.

import { keeper, readProps } from "../shared/data.js";
import { rootOf } from "../shared/dom.js";
import { Page } from "./page.js";

const kept = keeper(() => /** @type {{ page: Page | null }} */ ({ page: null }));

/** @type {import("@streamlit/component-v2-lib").FrontendRenderer<{ race: string }, string>} */
export default function ({ data, parentElement, setStateValue }) {
  const props = /** @type {import("./page.js").Props} */ (readProps(data));
  const own = kept(parentElement);
  const root = rootOf(parentElement, ".optimizers");
  const look = JSON.stringify([props.labels, props.colours]);
  if (!own.page || own.page.look !== look) {
    own.page?.close();
    own.page = new Page(root, props, look, (text) => setStateValue("race", text));
  }
  own.page.adopt(props);
  return () => {
    if (root.isConnected) return;
    own.page?.close();
    own.page = null;
  };
}
