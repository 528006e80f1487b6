// What goes into the bundle: the kinds of charts that the explorer draws. Scatter is in the core already.
import bar from "plotly.js/lib/bar";
import Plotly from "plotly.js/lib/core";
import heatmap from "plotly.js/lib/heatmap";

Plotly.register([bar, heatmap]);
globalThis.Plotly = Plotly;
