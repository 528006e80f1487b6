// The little of Plotly that the chart uses. Its own types speak of a hundred kinds of charts.

interface PlotlyAxis {
  linecolor?: string;
  title?: { text?: string };
}

interface PlotlyLayout {
  height?: number;
  font?: { color?: string; size?: number };
  xaxis?: PlotlyAxis;
  yaxis?: PlotlyAxis;
}

/** Numbers as a list, or as bytes in base64. */
type PlotlyNumbers = { length?: number; bdata?: string };

interface PlotlyFigure {
  data: { x?: PlotlyNumbers; y?: PlotlyNumbers; z?: PlotlyNumbers }[];
  layout: PlotlyLayout;
}

interface PlotlyLibrary {
  react(root: HTMLElement, data: object[], layout: object, config: object): Promise<unknown>;
  purge(root: HTMLElement): void;
  Plots: { resize(root: HTMLElement): void };
}

// It puts itself there.
declare var Plotly: PlotlyLibrary | undefined;
