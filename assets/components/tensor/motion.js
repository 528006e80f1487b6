// Elements fly from where they were to where they are.

/** @import { Scene } from "./scene.js" */
/** @import { Entry } from "./types.js" */

const FLIGHT_MS = 420;
const APPEAR_MS = 450;
const GAP_MS = 70;
const ALL_GAPS_MS = 1100;

/** @param {Scene} scene */
export function stopMotion(scene) {
  for (const motion of scene.motions) motion.cancel();
  scene.motions = [];
  scene.overlay.replaceChildren();
}

/**
 * @param {Scene} scene
 * @param {number} target number of the tensor that they fly into
 */
export function play(scene, target) {
  stopMotion(scene);
  /** @type {Map<number, Entry>} */
  const origin = new Map();
  for (const entry of scene.entries) {
    if (entry.which >= target) continue;
    for (const source of entry.sources) if (source >= 0) origin.set(source, entry);
  }
  const landing = scene.entries.filter((entry) => entry.which === target);
  const frame = scene.overlay.getBoundingClientRect();
  const gap = Math.min(GAP_MS, ALL_GAPS_MS / Math.max(landing.length, 1));
  landing.forEach((entry, order) => {
    const delay = order * gap;
    const frames = [{ opacity: 0 }, { opacity: 0, offset: 0.95 }, { opacity: 1 }];
    scene.motions.push(entry.cell.animate(frames, { duration: delay + APPEAR_MS, fill: "backwards" }));
    for (const source of entry.sources) {
      const parent = origin.get(source);
      if (parent) fly(scene, parent, entry, frame, delay);
    }
  });
}

/**
 * @param {Scene} scene
 * @param {Entry} parent
 * @param {Entry} entry
 * @param {DOMRect} frame
 * @param {number} delay
 */
function fly(scene, parent, entry, frame, delay) {
  const from = parent.cell.getBoundingClientRect();
  const to = entry.cell.getBoundingClientRect();
  const ghost = /** @type {HTMLElement} */ (parent.cell.cloneNode(true));
  ghost.className = "cell ghost";
  ghost.removeAttribute("tabindex");
  Object.assign(ghost.style, {
    left: `${from.x - frame.x}px`,
    top: `${from.y - frame.y}px`,
    width: `${from.width}px`,
    height: `${from.height}px`,
  });
  scene.overlay.append(ghost);
  const motion = ghost.animate(
    [
      { transform: "none", opacity: 0.9 },
      { transform: `translate(${to.x - from.x}px, ${to.y - from.y}px)`, opacity: 1 },
    ],
    { duration: FLIGHT_MS, delay, easing: "cubic-bezier(0.4, 0, 0.2, 1)", fill: "backwards" },
  );
  scene.motions.push(motion);
  motion.onfinish = () => ghost.remove();
}
