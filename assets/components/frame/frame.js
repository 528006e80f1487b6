// What the frame of every page needs from the browser: the learner's token, the page's language for screen
// readers, and the light/dark switch.
//
// data: { token, ask, lang, pages: [address, ...], labels: { theme, System, Light, Dark } }
// state: token (without the door: the one that the browser has already), follower (it has another cookie by now)

import { storedTheme, storeTheme, THEMES } from "./streamlit_theme.js";
import { askForFollower, keepToken } from "./token.js";

function drawSwitch(root, data) {
  const group = root.querySelector(".themes");
  group.setAttribute("aria-label", data.labels.theme);
  const current = storedTheme();
  group.replaceChildren(
    ...THEMES.map((name) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = data.labels[name];
      button.setAttribute("aria-pressed", String(name === current));
      button.onclick = () => {
        storeTheme(name, data.pages);
        location.reload();
      };
      return button;
    }),
  );
}

export default function ({ data, parentElement, setStateValue }) {
  document.documentElement.lang = data.lang === "zh" ? "zh-CN" : "en";
  storeTheme(storedTheme(), data.pages);
  drawSwitch(parentElement, data);
  if (data.token) keepToken(data.token, setStateValue);
  return data.ask ? askForFollower(data.ask, setStateValue) : undefined;
}
