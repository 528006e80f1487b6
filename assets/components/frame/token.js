// Whose things these are: the learner's token, kept by the browser in a cookie.

const COOKIE = "shapelab_learner";
const YEAR_SECONDS = 365 * 24 * 3600;

function readToken() {
  const part = document.cookie.split("; ").find((text) => text.startsWith(`${COOKIE}=`));
  return part ? part.slice(COOKIE.length + 1) : null;
}

/**
 * Where the server sets no cookie itself: keep the token that it offers, or tell it which one there is already.
 * Of two first visits at once, the tab that came second takes the token of the first.
 *
 * @param {string} offered
 * @param {(name: string, value: string) => void} setStateValue
 */
export function keepToken(offered, setStateValue) {
  const known = readToken();
  if (known === offered) return;
  if (known) {
    setStateValue("token", known);
    return;
  }
  const secure = location.protocol === "https:" ? "; Secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is there on https only
  document.cookie = `${COOKIE}=${offered}; Max-Age=${YEAR_SECONDS}; Path=/; SameSite=Lax${secure}`;
}

/**
 * Where the server sets the cookie: ask whether the browser has another one by now than this tab's, at once and
 * whenever the tab comes to the front.
 *
 * @param {string} address
 * @param {(name: string, value: string) => void} setStateValue
 * @returns {() => void} ends it
 */
export function askForFollower(address, setStateValue) {
  const ask = async () => {
    if (document.visibilityState !== "visible") return;
    try {
      const answer = await fetch(new URL(address, location.href), { cache: "no-store" });
      /** @type {unknown} */
      const said = await answer.json();
      if (said && typeof said === "object" && "changed" in said && said.changed)
        setStateValue("follower", address);
    } catch {
      // offline just now: at the next time
    }
  };
  document.addEventListener("visibilitychange", ask);
  ask();
  return () => document.removeEventListener("visibilitychange", ask);
}
