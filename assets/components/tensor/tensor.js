// N-D tensors as grids of numbers. Elements keep the colour of where they came from; pointing at one, or walking
// there with the arrow keys, says its index, value and source and lights up its relatives.
//
// data: Props (types.js) as JSON text
// trigger: edit = Edit

/** @import { FrontendRendererArgs } from "@streamlit/component-v2-lib" */
/** @import { Edit, Kept, Props } from "./types.js" */

import { keeper, mounting, readProps } from "../shared/data.js";
import { calm, make, rootOf, setColours } from "../shared/dom.js";
import { drawBars } from "./bars.js";
import { drawStage, readTensor } from "./drawing.js";
import { play, stopMotion } from "./motion.js";
import { listen } from "./pointing.js";
import { entryAt, Scene } from "./scene.js";

const keeping = keeper(() => /** @type {Kept} */ ({ windows: {}, played: undefined }));
/** Before the page has its layout. */
const USUAL_WIDTH = 900;

/**
 * @param {Scene} scene
 * @param {number} width
 */
function draw(scene, width) {
  const { props, root } = scene;
  const { labels } = props;
  const stage = drawStage(scene, props.tensors.map(readTensor), width);
  scene.overlay.className = "overlay";
  scene.overlay.setAttribute("aria-hidden", "true");
  stage.append(scene.overlay);
  const foot = make("div", "foot");
  const target = props.play;
  if (target && !calm()) {
    const button = make("button", "play", `▶ ${labels.play}`);
    button.type = "button";
    button.onclick = () => play(scene, target.to);
    foot.append(button);
  }
  scene.info.className = "info";
  scene.info.textContent = labels.hint;
  scene.info.setAttribute("aria-live", "polite");
  if (props.tensors.length) foot.append(scene.info);
  const bars = props.bars ? [drawBars(props.bars, props.colours)] : [];
  root.replaceChildren(stage, ...bars, foot, make("p", "reading", props.reading));
}

/** @param {FrontendRendererArgs<{ edit: Edit }, string>} args */
function mount({ data, parentElement, setTriggerValue }) {
  const root = rootOf(parentElement, ".tensors");
  const kept = keeping(parentElement);
  const props = /** @type {Props} */ (readProps(data));
  setColours(root, props.colours, "--shapelab-");
  const scene = new Scene(props, root, kept, (edit) => setTriggerValue("edit", edit));
  const focused = entryAt(parentElement instanceof ShadowRoot ? parentElement.activeElement : null);
  let width = root.clientWidth || USUAL_WIDTH;
  draw(scene, width);
  const listening = new AbortController();
  listen(scene, listening.signal);
  const resized = new ResizeObserver(() => {
    if (!root.clientWidth || root.clientWidth === width) return;
    width = root.clientWidth;
    stopMotion(scene);
    scene.entries = [];
    draw(scene, width);
  });
  resized.observe(root);
  if (focused) {
    const same = scene.entries.find((e) => e.tensor.id === focused.tensor.id && e.place === focused.place);
    same?.cell.focus({ preventScroll: true });
  }
  if (props.play && props.play.key !== kept.played && !calm()) play(scene, props.play.to);
  kept.played = props.play?.key;
  return () => {
    clearTimeout(scene.refusalTimer);
    stopMotion(scene);
    resized.disconnect();
    listening.abort();
  };
}

export default mounting(mount);
