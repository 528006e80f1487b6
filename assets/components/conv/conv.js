// The sliding window, linked: padded input, kernel and output as grids of numbers. Pointing at one lights up the
// others; nothing is asked of the server while looking. Only a changed input or kernel is reported, as one text.
//
// data: { labels, colours: palette, dark, digits: [test image of each digit 0-9] }; it does not change while
// sliders move. What moves comes from the small component "conv_feed" beside it, as the event
// "shapelab-conv" of the document, detail: { layer, problem, drawable, look, news, digit, pixels }.
// state: look = text (see lib/core/conv/look.py)

import { Picture } from "./picture.js";

const keeping = new WeakMap();
const fresh = () => ({ pin: null, step: null, speed: 1, input: 0, output: 0, usage: false, arrows: true });

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".conv");
  const kept = keeping.get(parentElement) ?? fresh();
  keeping.set(parentElement, kept);
  const picture = new Picture(root, data, kept, (text) => setStateValue("look", text));
  const onFeed = (event) => picture.feed(event.detail);
  const resized = new ResizeObserver(() => picture.layout());
  document.addEventListener("shapelab-conv", onFeed);
  resized.observe(root);
  document.dispatchEvent(new CustomEvent("shapelab-conv-ask"));
  return () => {
    picture.close();
    resized.disconnect();
    document.removeEventListener("shapelab-conv", onFeed);
  };
}
