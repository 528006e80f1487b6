// The sliding window, linked: padded input, kernel and output as grids of numbers. Pointing at one lights up the
// others; nothing is asked of the server while looking. Only a changed input or kernel is reported, as one text.
//
// data: Props as JSON text; it does not change while sliders move. What moves comes from the small component
// "conv_feed" beside it, as the event "shapelab-conv" of the document, detail: Spec.
// state: look = text (see lib/core/conv/look.py)

/** @import { FrontendRendererArgs } from "@streamlit/component-v2-lib" */
/** @import { Kept, Props, Spec } from "./types.js" */

import { keeper, mounting, readProps } from "../shared/data.js";
import { rootOf } from "../shared/dom.js";
import { Picture } from "./picture.js";

const keeping = keeper(
  () =>
    /** @type {Kept} */ ({
      pin: null,
      place: null,
      unpinned: false,
      step: null,
      speed: 1,
      input: 0,
      output: 0,
      usage: false,
      arrows: true,
      look: null,
      news: null,
      started: false,
    }),
);

/** @param {FrontendRendererArgs<{ look: string }, string>} args */
function mount({ data, parentElement, setStateValue }) {
  const root = rootOf(parentElement, ".conv");
  const props = /** @type {Props} */ (readProps(data));
  const kept = keeping(parentElement);
  /** @type {Picture | null} */
  let picture = null;
  const onFeed = (/** @type {Event} */ event) => {
    if (!(event instanceof CustomEvent)) return;
    const spec = /** @type {Spec} */ (event.detail);
    if (picture) picture.feed(spec);
    else picture = new Picture(root, props, kept, spec, (text) => setStateValue("look", text));
  };
  const resized = new ResizeObserver(() => picture?.layout());
  document.addEventListener("shapelab-conv", onFeed);
  resized.observe(root);
  document.dispatchEvent(new CustomEvent("shapelab-conv-ask"));
  return () => {
    picture?.close();
    resized.disconnect();
    document.removeEventListener("shapelab-conv", onFeed);
  };
}

export default mounting(mount);
