// The grids while nothing is pointed at: colours, numbers, what is lost, cropped or moved.

import { blend, hatch, inkOn, numberFont, paintImage, roundCell } from "./canvas.js";
import { isTransposed } from "./geometry.js";
import { fill, shortNumber } from "./words.js";

export const resting = {
  tint(role, share) {
    return blend(this.colours.paper, this.colours[role], share);
  },

  inputColour(r, c) {
    const { model } = this;
    const [y, x] = [r - model.rows.before, c - model.columns.before];
    const inside = y >= 0 && x >= 0 && y < model.rows.size && x < model.columns.size;
    const role = inside ? "input" : "padding";
    if (this.kept.usage && this.model.legal) {
      const most = Math.max(1, this.mostUsed);
      return this.tint("muted", 0.06 + (0.7 * this.useOf("input", r, c)) / most);
    }
    if (!this.inputValues) return this.tint(role, 0.2);
    const value = this.inputValues[r * this.input.columns + c];
    const size = Number.isFinite(value) ? Math.abs(value) / this.inputMax : 0;
    if (!inside) return this.tint("padding", 0.16 + 0.3 * size);
    return this.tint(value < 0 ? "muted" : "input", 0.07 + 0.68 * size);
  },

  outputColour(r, c) {
    const values = this.shownResult ?? this.result;
    if (this.kept.usage && isTransposed(this.model.layer)) {
      return this.tint("muted", 0.06 + (0.7 * this.useOf("output", r, c)) / Math.max(1, this.mostFed));
    }
    const cropped = this.isCropped(r, c);
    if (!values) return this.tint(cropped ? "padding" : "output", 0.2);
    const value = values[r * this.output.columns + c];
    const size = Number.isFinite(value) ? Math.abs(value) / this.resultMax : 0;
    if (cropped) return this.tint("padding", 0.1 + 0.15 * size);
    return this.tint(value < 0 ? "muted" : "output", 0.07 + 0.68 * size);
  },

  useOf(name, r, c) {
    const { model } = this;
    if (name === "input") return model.rowFeeds[r].length * model.columnFeeds[c].length;
    const taps = (plan, o) => {
      let count = 0;
      for (let k = 0; k < plan.kernel; k += 1) count += Number(plan.taps[o * plan.kernel + k] >= 0);
      return count;
    };
    return taps(model.rows, r) * taps(model.columns, c);
  },

  countUses() {
    const { model } = this;
    const most = (feeds) => feeds.reduce((a, b) => Math.max(a, b.length), 0);
    this.mostUsed = most(model.rowFeeds) * most(model.columnFeeds);
    this.mostFed = 0;
    if (!isTransposed(model.layer)) return;
    for (let r = 0; r < this.output.rows; r += 1) {
      for (let c = 0; c < this.output.columns; c += 1) {
        this.mostFed = Math.max(this.mostFed, this.useOf("output", r, c));
      }
    }
  },

  inputText(r, c) {
    if (this.kept.usage && this.model.legal) return String(this.useOf("input", r, c));
    if (!this.model.legal && !this.isInside(r, c) && this.spec.layer.mode !== "zeros") return "?";
    return this.inputValues ? shortNumber(this.inputValues[r * this.input.columns + c]) : "";
  },

  outputText(r, c) {
    if (this.kept.usage && isTransposed(this.model.layer)) return String(this.useOf("output", r, c));
    const values = this.shownResult ?? this.result;
    return values ? shortNumber(values[r * this.output.columns + c]) : "";
  },

  draw() {
    this.countUses();
    this.drawGrid(
      this.input,
      (r, c) => this.inputColour(r, c),
      (r, c) => this.inputText(r, c),
      (context) => this.kept.arrows && this.drawFaintArrows(context),
    );
    this.drawLost();
    this.drawOutput();
    this.drawNotes();
    this.show();
  },

  drawOutput() {
    this.drawGrid(
      this.output,
      (r, c) => this.outputColour(r, c),
      (r, c) => this.outputText(r, c),
    );
    this.drawCrop();
    this.drawMoved();
    this.output.stage.classList.toggle("none", !this.model.legal);
    this.output.stage.dataset.none = this.model.legal ? "" : this.labels.noOutput;
  },

  // `between` draws over the cells and under their numbers.
  drawGrid(grid, colourAt, textAt, between) {
    const context = grid.base.getContext("2d");
    context.clearRect(0, 0, grid.columns * grid.cell, grid.rows * grid.cell);
    grid.fontSize = 0;
    grid.block = 1;
    if (!grid.rows || !grid.columns) return;
    if (grid.cell < 10) {
      grid.block = paintImage(context, grid, colourAt);
      return;
    }
    const [texts, inks] = [[], []];
    for (let r = 0; r < grid.rows; r += 1) {
      for (let c = 0; c < grid.columns; c += 1) {
        const colour = colourAt(r, c);
        roundCell(context, c * grid.cell, r * grid.cell, grid.cell, `rgb(${colour.join(",")})`);
        inks.push(inkOn(colour));
        texts.push(textAt(r, c));
      }
    }
    between?.(context);
    grid.fontSize = numberFont(grid.cell, texts);
    if (!grid.fontSize) return;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.font = `${grid.fontSize}px ${this.font}`;
    texts.forEach((text, i) => {
      const [x, y] = [(i % grid.columns) * grid.cell, Math.floor(i / grid.columns) * grid.cell];
      context.fillStyle = inks[i];
      context.fillText(text, x + grid.cell / 2, y + grid.cell / 2 + 1);
    });
  },

  drawLost() {
    const { model, input } = this;
    if (!model.legal || isTransposed(model.layer)) return;
    const context = input.base.getContext("2d");
    const colour = this.data.colours.wrong;
    const { cell } = input;
    const [right, bottom] = [model.columns.used * cell, model.rows.used * cell];
    const [width, height] = [input.columns * cell, input.rows * cell];
    if (right < width) hatch(context, right, 0, width - right, height, colour);
    if (bottom < height) hatch(context, 0, bottom, Math.min(right, width), height - bottom, colour);
  },

  drawCrop() {
    const { model, output } = this;
    if (!model.rows.crop && !model.columns.crop) return;
    const context = output.base.getContext("2d");
    const { cell } = output;
    const { rows, columns } = model;
    const [top, left] = [rows.crop * cell, columns.crop * cell];
    const [width, height] = [output.columns * cell, output.rows * cell];
    const colour = this.data.colours.padding;
    hatch(context, 0, 0, width, top, colour);
    hatch(context, 0, height - top, width, top, colour);
    hatch(context, 0, top, left, height - 2 * top, colour);
    hatch(context, width - left, top, left, height - 2 * top, colour);
    context.strokeStyle = this.data.colours.output;
    context.lineWidth = 2;
    context.strokeRect(left, top, columns.out * cell, rows.out * cell);
  },

  drawMoved() {
    if (!this.moved) return;
    const { output } = this;
    const context = output.base.getContext("2d");
    const { cell } = output;
    const side = Math.max(3, cell * 0.26);
    this.moved.marks.forEach((mark, i) => {
      if (mark === "same") return;
      const [x, y] = [(i % output.columns) * cell, Math.floor(i / output.columns) * cell];
      context.fillStyle = mark === "differs" ? this.data.colours.wrong : this.data.colours.muted;
      context.beginPath();
      context.moveTo(x + cell, y);
      context.lineTo(x + cell - side, y);
      context.lineTo(x + cell, y + side);
      context.fill();
    });
  },

  drawNotes() {
    const { labels, model, spec } = this;
    const note = (grid) => {
      if (!grid.rows) return "";
      if (grid.block > 1) return fill(labels.aggregated, { block: grid.block });
      return grid.fontSize ? "" : labels.numbersHidden;
    };
    const { rows, columns } = model;
    const unreached = rows.inCells > rows.used || columns.inCells > columns.used;
    const lost = model.legal && !isTransposed(model.layer) && unreached ? labels.lost : "";
    const schematic = spec.drawable ? "" : labels.schematic;
    this.input.note.textContent = [note(this.input), schematic, lost].filter(Boolean).join(" ");
    const crop = rows.crop || columns.crop ? labels.cropped : "";
    this.output.note.textContent = [note(this.output), crop, this.movedText()].filter(Boolean).join(" ");
  },

  movedText() {
    if (!this.moved) return "";
    const { labels } = this;
    const [right, down] = this.kept.look.shift;
    const { rows, columns } = this.model;
    const stride = right % columns.stride ? columns.stride : rows.stride;
    const count = (mark) => this.moved.marks.filter((other) => other === mark).length;
    if (!this.moved.whole) {
      return fill(labels.movedNot, { shift: `(${right}, ${down})`, stride, differs: count("differs") });
    }
    return fill(labels.moved, { same: count("same"), differs: count("differs"), fresh: count("new") });
  },
};
