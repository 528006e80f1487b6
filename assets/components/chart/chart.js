// A Plotly figure that changes in place: Plotly.react keeps the chart, its zoom and its hover text.
//
// data: Props. plotly.js is fetched with the first figure that has something to draw: until then there are two plain
// axes, and `data-empty` says so.

/** @import { FrontendRendererArgs } from "@streamlit/component-v2-lib" */

import { readProps } from "../shared/data.js";
import { make, rootOf } from "../shared/dom.js";

/** `library`: address of plotly.js. @typedef {{ spec: PlotlyFigure, config: object, alt: string, library: string }} Props */
/** @typedef {{ figure: PlotlyFigure, config: object, address: string }} Drawing */
/** @typedef {{ next: Drawing | null, isDrawing: boolean, width: number | null, observer: ResizeObserver }} Chart */

const USUAL_HEIGHT = 300;
const DRAWN = "js-plotly-plot";
/** @type {Promise<PlotlyLibrary> | null} */
let library = null;
/** @type {WeakMap<HTMLElement, Chart>} */
const charts = new WeakMap();

/**
 * @param {string} address
 * @returns {Promise<PlotlyLibrary>}
 */
function plotly(address) {
  if (globalThis.Plotly) return Promise.resolve(globalThis.Plotly);
  library ??= new Promise((resolve, reject) => {
    const script = make("script");
    const fail = () => {
      library = null; // the next figure tries again
      script.remove();
      reject(new Error("plotly.js did not load"));
    };
    script.src = new URL(address, location.href).href;
    script.onload = () => (globalThis.Plotly ? resolve(globalThis.Plotly) : fail());
    script.onerror = fail;
    document.head.append(script);
  });
  return library;
}

/** @param {PlotlyFigure} figure */
const hasPoints = (figure) =>
  figure.data.some((trace) =>
    [trace.x, trace.y, trace.z].some((axis) => axis && (axis.length || axis.bdata)),
  );

/**
 * @param {HTMLElement} root
 * @param {PlotlyLayout} layout
 */
function drawAxes(root, layout) {
  const axes = make("div");
  axes.style.cssText = `position: absolute; inset: 12px 12px 44px 52px; border-style: solid; border-width: 0 0 1px 1px;
    border-color: ${layout.xaxis?.linecolor ?? "gray"}`;
  const titles = [
    [layout.xaxis?.title?.text, "top: calc(100% + 12px); left: 50%; transform: translateX(-50%)"],
    [
      layout.yaxis?.title?.text,
      "right: calc(100% + 12px); top: 50%; writing-mode: sideways-lr; translate: 0 -50%",
    ],
  ];
  for (const [text, place] of titles) {
    const title = make("span", "", text);
    title.style.cssText = `position: absolute; white-space: nowrap; ${place}`;
    axes.append(title);
  }
  root.style.position = "relative";
  root.style.color = layout.font?.color ?? "";
  root.style.fontSize = `${layout.font?.size ?? 14}px`;
  root.dataset.empty = "";
  root.replaceChildren(axes);
}

/** @param {HTMLElement} root */
function forgetAxes(root) {
  if (root.dataset.empty === undefined) return;
  delete root.dataset.empty;
  root.replaceChildren();
}

/**
 * One figure after the other: of those that arrive while one is drawn, only the latest matters.
 *
 * @param {HTMLElement} root
 * @param {Chart} chart
 */
async function draw(root, chart) {
  if (chart.isDrawing) return;
  chart.isDrawing = true;
  try {
    while (chart.next) {
      const { figure, config, address } = chart.next;
      chart.next = null;
      const found = await plotly(address);
      if (!root.isConnected) return;
      forgetAxes(root);
      await found.react(root, figure.data, { ...figure.layout, autosize: true }, config);
      chart.width ??= root.clientWidth;
    }
  } catch (error) {
    console.warn(error);
  } finally {
    chart.isDrawing = false;
  }
}

/**
 * @param {HTMLElement} root
 * @returns {Chart}
 */
function chartOf(root) {
  const known = charts.get(root);
  if (known) return known;
  const observer = new ResizeObserver(() => {
    if (root.clientWidth === 0 || !globalThis.Plotly || !root.classList.contains(DRAWN)) return;
    if (root.clientWidth === chart.width) return;
    chart.width = root.clientWidth;
    globalThis.Plotly.Plots.resize(root);
  });
  /** @type {Chart} */
  const chart = { next: null, isDrawing: false, width: null, observer };
  observer.observe(root);
  charts.set(root, chart);
  return chart;
}

/** @param {FrontendRendererArgs<Record<string, never>, string>} args */
export default function ({ data: text, parentElement }) {
  const data = /** @type {Props} */ (readProps(text));
  const root = rootOf(parentElement, ".chart");
  root.setAttribute("role", "img");
  root.setAttribute("aria-label", data.alt);
  const figure = data.spec;
  root.style.minHeight = `${figure.layout.height ?? USUAL_HEIGHT}px`;
  const chart = chartOf(root);
  if (!hasPoints(figure) && !root.classList.contains(DRAWN) && !chart.isDrawing) {
    drawAxes(root, figure.layout);
  } else {
    chart.next = { figure, config: data.config, address: data.library };
    draw(root, chart);
  }
  return () => {
    if (root.isConnected) return;
    chart.observer.disconnect();
    globalThis.Plotly?.purge(root);
    charts.delete(root);
  };
}
