// Pointer and keys: looking at a cell, pinning it, keeping it in the address.

import { parsePlace, placeText } from "./look.js";
import { fill } from "./words.js";

const PLACE = "at";

export const pointing = {
  // What the address says of the pin: null where it says nothing, false where it names no cell.
  takePlace() {
    const text = new URL(location.href).searchParams.get(PLACE);
    if (text === null) return null;
    const asked = parsePlace(text);
    if (!asked) return false;
    Object.assign(this.kept, { place: asked.place, input: asked.channel });
    return asked;
  },

  // Say so where the address named a cell that is not there; the nearest one is pinned instead.
  checkPlace(asked) {
    if (asked === null) return;
    const { kept } = this;
    const found = kept.pin && this.placeOf(kept.pin);
    const isThere = asked && found && placeText(found, kept.input) === placeText(asked.place, asked.channel);
    if (isThere) return;
    const value = new URL(location.href).searchParams.get(PLACE).slice(0, 40);
    kept.place = asked ? found : null;
    this.say(fill(this.labels.badPlace, { value }));
  },

  // Where the first cell of x, w or y lies in its grid, which may have padding or cropped cells before it.
  originOf(name) {
    const { rows, columns } = this.model;
    return { input: [rows.before, columns.before], output: [rows.crop, columns.crop], kernel: [0, 0] }[name];
  },

  placeOf({ grid, r, c }) {
    const [top, left] = this.originOf(grid);
    return { grid, r: r - top, c: c - left };
  },

  unveil() {
    this.stop();
    this.kept.step = null;
    if (this.shownResult) {
      this.shownResult = null;
      this.drawOutput();
    }
  },

  pin(focus) {
    this.unveil();
    this.hover = null;
    Object.assign(this.kept, { pin: focus, place: this.placeOf(focus), unpinned: false });
    this.show();
    this.announce();
    this.keepPlace();
  },

  unpin() {
    this.unveil();
    this.hover = null;
    Object.assign(this.kept, { pin: null, place: null, unpinned: true });
    this.show();
    this.keepPlace();
  },

  // The pinned cell stands in the address without asking the server, which knows nothing of it: whatever else
  // changes the address drops it, and then it is written again.
  keepPlace() {
    const { place, input, started } = this.kept;
    if (!this.root.isConnected || !started) return;
    const address = new URL(location.href);
    const text = place ? placeText(place, input) : null;
    if (address.searchParams.get(PLACE) === text) return;
    if (text) address.searchParams.set(PLACE, text);
    else address.searchParams.delete(PLACE);
    history.replaceState(history.state, "", address);
  },

  announce() {
    this.live.textContent = this.reading.textContent;
  },

  cellAt(grid, event) {
    const box = grid.base.getBoundingClientRect();
    const r = Math.floor((event.clientY - box.y) / grid.cell);
    const c = Math.floor((event.clientX - box.x) / grid.cell);
    return r >= 0 && c >= 0 && r < grid.rows && c < grid.columns ? { grid: grid.name, r, c } : null;
  },

  point(focus) {
    const same = (a, b) => a === b || (a && b && a.grid === b.grid && a.r === b.r && a.c === b.c);
    if (same(focus, this.hover)) return;
    this.hover = focus;
    this.show();
  },

  listen() {
    for (const grid of [this.input, this.output]) {
      grid.hit.onpointermove = (event) => {
        if (this.stroke) this.paint(this.cellAt(grid, event));
        else if (event.pointerType !== "touch") this.point(this.cellAt(grid, event));
      };
      grid.hit.onpointerleave = () => this.point(null);
      grid.hit.onpointerdown = (event) => this.press(grid, event);
      grid.hit.onpointerup = () => this.endStroke();
      grid.hit.onpointercancel = () => this.endStroke();
      grid.hit.onclick = (event) => this.click(grid, event);
      grid.hit.ondblclick = (event) => this.edit(this.cellAt(grid, event));
      grid.hit.onkeydown = (event) => this.key(grid, event);
      grid.hit.onfocus = () => {
        if (!grid.hit.matches(":focus-visible") || this.kept.pin?.grid === grid.name || !grid.rows) return;
        const [r, c] = this.originOf(grid.name);
        this.pin({ grid: grid.name, r, c });
      };
    }
    const kernelCell = (event) => event.target.closest?.(".matrix.kernel .cell");
    const focusOf = (cell) => ({ grid: "kernel", r: Number(cell.dataset.r), c: Number(cell.dataset.c) });
    this.work.onpointerover = (event) => {
      const cell = kernelCell(event);
      if (event.pointerType !== "touch") this.point(cell ? focusOf(cell) : null);
    };
    this.work.onpointerleave = () => this.point(null);
    this.work.onclick = (event) => {
      const cell = kernelCell(event);
      if (!cell || this.editing) return;
      const focus = focusOf(cell);
      const again = this.isPinned(focus);
      this.pin(focus);
      this.rove(cell);
      if (again) this.edit(focus);
    };
    this.work.onkeydown = (event) => this.kernelKey(event, kernelCell(event));
    this.work.onfocusin = (event) => {
      const cell = kernelCell(event);
      if (cell?.matches(":focus-visible") && !this.isPinned(focusOf(cell))) this.pin(focusOf(cell));
    };
  },

  rove(cell) {
    for (const other of this.cells.kernel) other.tabIndex = other === cell ? 0 : -1;
    cell.focus();
  },

  click(grid, event) {
    const focus = this.cellAt(grid, event);
    if (!focus || this.editing || this.isDrawing(grid)) return;
    const again = this.isPinned(focus);
    this.pin(focus);
    if (again && grid === this.input && event.detail < 2) this.edit(focus);
  },

  key(grid, event) {
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    const { pin } = this.kept;
    const here = pin?.grid === grid.name ? pin : { grid: grid.name, r: 0, c: 0 };
    const limit = (value, count) => Math.min(Math.max(value, 0), count - 1);
    if (!grid.rows || this.editing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (moves[event.key]) {
      const [dr, dc] = moves[event.key];
      this.pin({ grid: grid.name, r: limit(here.r + dr, grid.rows), c: limit(here.c + dc, grid.columns) });
    } else if (event.key === "Home" || event.key === "End") {
      this.pin({ ...here, c: event.key === "Home" ? 0 : grid.columns - 1 });
    } else if ((event.key === "Enter" || event.key === "F2") && grid === this.input) {
      this.edit(here);
    } else if (event.key === "Escape" && pin) {
      this.unpin();
    } else if (event.key === " " && this.isDrawing(grid)) {
      const spot = this.drawnSpot(here);
      this.stroke = spot && { tone: this.kept.look.drawn[spot.y]?.[spot.x] === "9" ? "0" : "9" };
      if (spot) this.paint(here);
      this.endStroke();
    } else {
      return;
    }
    event.preventDefault();
  },

  kernelKey(event, cell) {
    if (!cell || event.target !== cell) return;
    const width = this.model.columns.kernel;
    const at = this.cells.kernel.indexOf(cell);
    const [r, c] = [Math.floor(at / width), at % width];
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    if (moves[event.key]) {
      const [y, x] = [r + moves[event.key][0], c + moves[event.key][1]];
      if (y >= 0 && x >= 0 && y < this.model.rows.kernel && x < width) {
        this.rove(this.cells.kernel[y * width + x]);
        this.pin({ grid: "kernel", r: y, c: x });
      }
    } else if (event.key === "Enter" || event.key === "F2") {
      this.edit({ grid: "kernel", r, c });
    } else if (event.key === "Escape" && this.kept.pin) {
      this.unpin();
    } else {
      return;
    }
    event.preventDefault();
  },
};
