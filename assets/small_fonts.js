// Streamlit asks for its whole icon font as soon as it starts, 366 KB that ours stands in for, and for its whole fonts of
// text with the first letter: forget them before that. What only they have is declared anew beside ours.
{
  const ours = /** @type {HTMLStyleElement} */ (document.getElementById("shapelab-shell"));
  const families = (ours.dataset.families ?? "").split(",");
  for (const sheet of document.styleSheets) {
    if (sheet.ownerNode === ours) continue;
    for (let i = sheet.cssRules.length - 1; i >= 0; i -= 1) {
      const rule = sheet.cssRules[i];
      if (!(rule instanceof CSSFontFaceRule) || rule.style.getPropertyValue("font-style") === "italic")
        continue;
      const family = rule.style.getPropertyValue("font-family").replaceAll(/["']/g, "");
      if (families.includes(family)) sheet.deleteRule(i);
    }
  }
}
