// What the frame of every page needs from the browser: the learner's token, the page's language for screen
// readers, and the light/dark switch. Streamlit keeps its theme per path; a learner has one for all pages.
//
// data: { token, lang, pages: [address, ...], labels: { theme, System, Light, Dark } }
// state: token (only where the browser already has another one)

const COOKIE = "shapelab_learner";
const YEAR_SECONDS = 365 * 24 * 3600;
const THEMES = ["System", "Light", "Dark"];

function readToken() {
  const part = document.cookie.split("; ").find((text) => text.startsWith(`${COOKIE}=`));
  return part ? part.slice(COOKIE.length + 1) : null;
}

function keepToken(offered, setStateValue) {
  const known = readToken();
  if (known === offered) return;
  if (known) {
    // Two first visits at once: the tab that came second takes the token of the first.
    setStateValue("token", known);
    return;
  }
  const secure = location.protocol === "https:" ? "; Secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is there on https only
  document.cookie = `${COOKIE}=${offered}; Max-Age=${YEAR_SECONDS}; Path=/; SameSite=Lax${secure}`;
}

const themeKey = (path) => `stActiveTheme-${path}-v2`;

// Streamlit reads and writes the key of the path at which the browser entered the app.
function entryPath() {
  const [navigation] = performance.getEntriesByType("navigation");
  return navigation ? new URL(navigation.name).pathname : location.pathname;
}

function allPaths(pages) {
  const last = location.pathname.split("/").pop();
  const base = pages.includes(last) ? location.pathname.slice(0, -last.length) : location.pathname;
  return [base, ...pages.map((page) => base + page)];
}

function storedTheme() {
  try {
    const name = JSON.parse(localStorage.getItem(themeKey(entryPath())));
    return THEMES.includes(name) ? name : "System";
  } catch {
    return "System";
  }
}

function storeTheme(name, pages) {
  for (const path of allPaths(pages)) {
    if (name === "System") localStorage.removeItem(themeKey(path));
    else localStorage.setItem(themeKey(path), JSON.stringify(name));
  }
}

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
  keepToken(data.token, setStateValue);
  storeTheme(storedTheme(), data.pages);
  drawSwitch(parentElement, data);
}
