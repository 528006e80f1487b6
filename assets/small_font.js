// Streamlit asks for its whole icon font as soon as it starts, 366 KB that ours stands in for: forget it before that.
{
  const ours = document.getElementById("shapelab-shell");
  for (const sheet of document.styleSheets) {
    if (sheet.ownerNode === ours) continue;
    for (let i = sheet.cssRules.length - 1; i >= 0; i -= 1) {
      const rule = sheet.cssRules[i];
      if (!(rule instanceof CSSFontFaceRule)) continue;
      if (rule.style.getPropertyValue("font-family").includes("Material Symbols")) sheet.deleteRule(i);
    }
  }
}
