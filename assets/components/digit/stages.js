// A handwritten digit on its way into a network: drawing, cut, scaled, fed.

/** @import { Stages } from "./types.js" */

import { decode } from "../shared/data.js";
import { make } from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { grey, paintPixels, pixelFigure } from "./pixels.js";

const SIDE = 28;

/**
 * @param {string} title
 * @param {HTMLElement} picture
 * @param {string} note
 */
function stage(title, picture, note) {
  const figure = make("figure", "stage");
  const frame = make("div", "frame");
  frame.append(picture);
  figure.append(make("figcaption", "", title), frame, make("p", "note", note));
  return { figure, frame };
}

/** @param {string} address */
function image(address) {
  const node = make("img");
  node.src = address;
  node.alt = "";
  return node;
}

/**
 * @param {HTMLElement} root
 * @param {Stages} data
 */
export function drawStages(root, data) {
  const { labels } = data;
  const strip = make("div", "stages");
  const [top, left, height, width, H, W] = data.box;
  const drawn = stage(labels.drawing, image(data.drawing), `${H} × ${W}`);
  strip.append(drawn.figure);
  if (!data.isRaw) {
    const box = make("div", "box");
    const percent = (/** @type {number} */ share) => `${100 * share}%`;
    box.style.inset = [top / H, 1 - (left + width) / W, 1 - (top + height) / H, left / W]
      .map(percent)
      .join(" ");
    drawn.frame.append(box);
    const scaled = make("canvas");
    paintPixels(scaled, decode(data.scaled.pixels, Uint8Array), data.scaled.width, grey);
    strip.append(
      stage(labels.cropped, image(data.cropped), `${height} × ${width}`).figure,
      stage(labels.scaled, scaled, `${data.scaled.height} × ${data.scaled.width}`).figure,
    );
  }
  const fed = decode(data.fed, Uint8Array);
  const picture = pixelFigure({
    title: data.isRaw ? labels.fedRaw : labels.fed,
    values: fed,
    columns: SIDE,
    colour: grey,
    label: `${data.reading} ${labels.walk}`,
    rest: labels.point,
    className: "fed",
    say: (cell, row, column) =>
      fill(labels.pixel, { row, column, byte: fed[cell], value: (fed[cell] / 255).toFixed(4) }),
  });
  const cross = make("div", "cross");
  cross.style.top = `${(100 * (data.centre[0] + 0.5)) / SIDE}%`;
  cross.style.left = `${(100 * (data.centre[1] + 0.5)) / SIDE}%`;
  cross.title = labels.centre;
  picture.frame.append(cross);
  root.replaceChildren(strip, picture.figure);
}
