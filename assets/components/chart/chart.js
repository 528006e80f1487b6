// A Plotly figure that changes in place: Plotly.react keeps the chart, its zoom and its hover text.
//
// data: { spec: figure as JSON, config, alt, library: address of plotly.js, relative to the page's folder }

// plotly.js is fetched with the first figure that has something to draw: until then there are two plain axes.
// `data-empty` says so.

let library = null;
const charts = new WeakMap();

function plotly(address) {
  if (globalThis.Plotly) return Promise.resolve(globalThis.Plotly);
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(address, location.href).href;
    script.onload = () => resolve(globalThis.Plotly);
    script.onerror = () => {
      library = null; // the next figure tries again
      script.remove();
      reject(new Error("plotly.js did not load"));
    };
    document.head.append(script);
  });
  return library;
}

const hasPoints = (figure) =>
  figure.data.some((trace) =>
    [trace.x, trace.y, trace.z].some((axis) => axis && (axis.length || axis.bdata)),
  );

function drawAxes(root, { layout }) {
  const axes = document.createElement("div");
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
    const title = document.createElement("span");
    title.textContent = text ?? "";
    title.style.cssText = `position: absolute; white-space: nowrap; ${place}`;
    axes.append(title);
  }
  root.style.position = "relative";
  root.style.color = layout.font?.color ?? "";
  root.style.fontSize = `${layout.font?.size ?? 14}px`;
  root.dataset.empty = "";
  root.replaceChildren(axes);
}

function forgetAxes(root) {
  if (root.dataset.empty === undefined) return;
  delete root.dataset.empty;
  root.replaceChildren();
}

// One figure after the other: of those that arrive while one is drawn, only the latest matters.
async function draw(root, chart) {
  if (chart.isDrawing) return;
  chart.isDrawing = true;
  try {
    while (chart.next) {
      const { figure, config, address } = chart.next;
      chart.next = null;
      const Plotly = await plotly(address);
      if (!root.isConnected) return;
      forgetAxes(root);
      await Plotly.react(root, figure.data, { ...figure.layout, autosize: true }, config);
      chart.width ??= root.clientWidth;
    }
  } catch (error) {
    console.warn(error);
  } finally {
    chart.isDrawing = false;
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".chart");
  root.setAttribute("role", "img");
  root.setAttribute("aria-label", data.alt);
  const figure = JSON.parse(data.spec);
  root.style.minHeight = `${figure.layout.height ?? 300}px`;
  let chart = charts.get(root);
  if (!chart) {
    chart = { next: null, isDrawing: false };
    chart.observer = new ResizeObserver(() => {
      if (root.clientWidth === 0 || !globalThis.Plotly || !root.classList.contains("js-plotly-plot")) return;
      if (root.clientWidth !== chart.width) {
        chart.width = root.clientWidth;
        globalThis.Plotly.Plots.resize(root);
      }
    });
    chart.observer.observe(root);
    charts.set(root, chart);
  }
  const leave = () => {
    if (root.isConnected) return;
    chart.observer.disconnect();
    globalThis.Plotly?.purge(root);
    charts.delete(root);
  };
  if (!hasPoints(figure) && !root.classList.contains("js-plotly-plot") && !chart.isDrawing) {
    drawAxes(root, figure);
    return leave;
  }
  chart.next = { figure, config: data.config, address: data.library };
  draw(root, chart);
  return leave;
}
