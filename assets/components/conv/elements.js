// Small elements of the page, each with its label.

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

export function button(label, text, onClick, className = "button") {
  const node = make("button", className, text);
  node.type = "button";
  node.title = label;
  node.setAttribute("aria-label", label);
  node.onclick = onClick;
  return node;
}

export function choice(label, options, onChange) {
  const node = make("select", "choice");
  node.setAttribute("aria-label", label);
  node.title = label;
  for (const [value, text] of options) {
    const option = make("option", "", text);
    option.value = value;
    node.append(option);
  }
  node.onchange = () => onChange(node.value);
  return node;
}

export function stepper(label, low, high, value, onChange) {
  const node = make("input", "number");
  node.type = "number";
  node.min = String(low);
  node.max = String(high);
  node.value = String(value);
  node.setAttribute("aria-label", label);
  node.title = label;
  node.onchange = () => {
    const wanted = Math.round(Number(node.value));
    const good = Math.min(Math.max(Number.isFinite(wanted) ? wanted : low, low), high);
    node.value = String(good);
    onChange(good);
  };
  return node;
}
