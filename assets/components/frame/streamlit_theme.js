// Private to Streamlit, and needed: where its frontend keeps the chosen theme. It reads and writes the key of the
// path at which the browser entered the app; a learner has one theme for all pages. Were the key renamed, the
// light/dark switch would do nothing.

export const THEMES = ["System", "Light", "Dark"];

/** @param {string} path */
const themeKey = (path) => `stActiveTheme-${path}-v2`;

function entryPath() {
  const [navigation] = performance.getEntriesByType("navigation");
  return navigation ? new URL(navigation.name).pathname : location.pathname;
}

/** @param {string[]} pages addresses of all pages but home */
function allPaths(pages) {
  const last = location.pathname.split("/").pop() ?? "";
  const base = pages.includes(last) ? location.pathname.slice(0, -last.length) : location.pathname;
  return [base, ...pages.map((page) => base + page)];
}

/** @returns {string} one of THEMES */
export function storedTheme() {
  try {
    /** @type {unknown} */
    const name = JSON.parse(localStorage.getItem(themeKey(entryPath())) ?? "null");
    return typeof name === "string" && THEMES.includes(name) ? name : "System";
  } catch {
    return "System";
  }
}

/**
 * @param {string} name one of THEMES
 * @param {string[]} pages addresses of all pages but home
 */
export function storeTheme(name, pages) {
  try {
    for (const path of allPaths(pages)) {
      if (name === "System") localStorage.removeItem(themeKey(path));
      else localStorage.setItem(themeKey(path), JSON.stringify(name));
    }
  } catch {
    // Where a browser keeps nothing for sites, the theme is the system's.
  }
}
