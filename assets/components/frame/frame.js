// What the frame of every page needs from the browser: the learner's token, the page's language for screen
// readers, the projector's size, and the light/dark switch.
//
// data: Props
// state: dark (where the server drew for another theme than the one on the screen), token (without the door: the one that the browser has already), follower (it has another cookie by now)

/** @import { FrontendRendererArgs } from "@streamlit/component-v2-lib" */
import { mounting, readProps } from "../shared/data.js";

import { make, rootOf } from "../shared/dom.js";
import { storedTheme, storeTheme, THEMES } from "./streamlit_theme.js";
import { askForFollower, keepToken } from "./token.js";

/**
 * @typedef {object} Props
 * @property {string | null} token to be kept; null where the server sets the cookie
 * @property {string | null} ask address that tells whether the browser has another cookie by now; null without one
 * @property {string} lang
 * @property {boolean} projector
 * @property {boolean} dark the theme that the server drew for
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

/** @param {HTMLElement} group */
function isDark(group) {
  const [red = 0, green = 0, blue = 0] = (getComputedStyle(group).caretColor.match(/[\d.]+/g) ?? []).map(
    Number,
  );
  return red + green + blue > 384; // light letters
}

/**
 * Charts have their colours from the server: it draws again when the theme changes, from the menu or by the hour.
 *
 * @param {HTMLElement} group
 * @param {boolean} drawnDark
 * @param {(name: string, value: string) => void} setStateValue
 * @returns {() => void} ends it
 */
function followTheme(group, drawnDark, setStateValue) {
  const look = () => {
    const now = String(isDark(group));
    if (now === String(drawnDark) || group.dataset.told === now) return;
    group.dataset.told = now;
    setStateValue("dark", now);
  };
  if (group.dataset.told === String(drawnDark)) delete group.dataset.told;
  group.addEventListener("transitionend", look);
  return () => group.removeEventListener("transitionend", look);
}

/** @param {FrontendRendererArgs<Record<string, string>, string>} args */
function mount({ data: text, parentElement, setStateValue }) {
  const data = /** @type {Props} */ (readProps(text));
  document.documentElement.lang = data.lang === "zh" ? "zh-CN" : "en";
  document.documentElement.classList.toggle("projector", data.projector);
  storeTheme(storedTheme(), data.pages);
  const group = rootOf(parentElement, ".themes");
  drawSwitch(group, data);
  if (data.token) keepToken(data.token, setStateValue);
  const ends = [followTheme(group, data.dark, setStateValue)];
  if (data.ask) ends.push(askForFollower(data.ask, setStateValue));
  return () => {
    for (const end of ends) end();
  };
}

export default mounting(mount);
