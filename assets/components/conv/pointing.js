// Pointer and keys: looking at a cell, pinning it, keeping it in the address.

import { parsePlace, placeText } from "./look.js";

export const PLACE = "at";

export const pointing = {
  // The cell that the address names: null without one, an empty object where it cannot be read.
  takePlace() {
    const text = new URL(location.href).searchParams.get(PLACE);
    if (text === null) return null;
    const place = parsePlace(text);
    if (!place) return {};
    Object.assign(this.kept, { pin: place.pin, input: place.channel, chosen: true });
    return place.pin;
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
    Object.assign(this.kept, { pin: focus, chosen: true, unpinned: false, badPlace: null });
    this.show();
    this.announce();
    this.keepPlace();
  },

  unpin() {
    this.unveil();
    this.hover = null;
    Object.assign(this.kept, { pin: null, chosen: false, unpinned: true });
    this.show();
    this.keepPlace();
  },

  // The pinned cell stands in the address without asking the server, which knows nothing of it: whatever else
  // changes the address drops it, and then it is written again.
  keepPlace() {
    const { pin, chosen, unpinned, input } = this.kept;
    if (!this.root.isConnected || (!chosen && !unpinned)) return;
    const address = new URL(location.href);
    const text = pin && chosen ? placeText(pin, input) : null;
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
        const { rows, columns } = this.model;
        const [r, c] = grid === this.output ? [rows.crop, columns.crop] : [rows.before, columns.before];
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
      if (cell && cell.matches(":focus-visible") && !this.isPinned(focusOf(cell))) this.pin(focusOf(cell));
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
