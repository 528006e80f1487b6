// What the frame of every page needs from the browser: the learner's token, the page's language for screen
// readers, the projector's size, and the light/dark switch.
//
// data: Props
// state: token (without the door: the one that the browser has already), follower (it has another cookie by now)

/** @import { FrontendRendererArgs } from "@streamlit/component-v2-lib" */

import { make, rootOf } from "../shared/dom.js";
import { storedTheme, storeTheme, THEMES } from "./streamlit_theme.js";
import { askForFollower, keepToken } from "./token.js";

/**
 * @typedef {object} Props
 * @property {string | null} token to be kept; null where the server sets the cookie
 * @property {string | null} ask address that tells whether the browser has another cookie by now; null without one
 * @property {string} lang
 * @property {boolean} projector
 * @property {string[]} pages addresses of all pages but home
 * @property {Record<string, string>} labels of the switch and its themes
 */

/**
 * @param {HTMLElement} group
 * @param {Props} data
 */
function drawSwitch(group, data) {
  group.setAttribute("aria-label", data.labels.theme);
  const current = storedTheme();
  group.replaceChildren(
    ...THEMES.map((name) => {
      const button = make("button", "", data.labels[name]);
      button.type = "button";
      button.setAttribute("aria-pressed", String(name === current));
      button.onclick = () => {
        storeTheme(name, data.pages);
        location.reload();
      };
      return button;
    }),
  );
}

/** @param {FrontendRendererArgs<Record<string, string>, Props>} args */
export default function ({ data, parentElement, setStateValue }) {
  document.documentElement.lang = data.lang === "zh" ? "zh-CN" : "en";
  document.documentElement.classList.toggle("projector", data.projector);
  storeTheme(storedTheme(), data.pages);
  drawSwitch(rootOf(parentElement, ".themes"), data);
  if (data.token) keepToken(data.token, setStateValue);
  return data.ask ? askForFollower(data.ask, setStateValue) : undefined;
}
