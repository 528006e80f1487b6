// The linked grids: puts the parts together and says to each what the others tell it.

/** @import { Cell, Kept, Look, Props, Spec } from "./types.js" */

import { calm, keepingFocus, make, setColours } from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { makeGrid, sizeGrid } from "./canvas.js";
import { Editor } from "./editor.js";
import { Link, showInput, showOutput } from "./focus.js";
import { outputChannels } from "./geometry.js";
import { planLayout } from "./layout.js";
import { lookText, placeText } from "./look.js";
import { Matrices } from "./matrices.js";
import { askedPlace, keepPlace } from "./place.js";
import { Player } from "./player.js";
import { listenToGrid, listenToKernel } from "./pointing.js";
import { drawInput, drawOutput } from "./resting.js";
import { Scene } from "./scene.js";
import { sampleOf, sentence } from "./sentences.js";
import { Sum } from "./sums.js";
import { Tools } from "./tools.js";

const ADDRESS_MS = 300;
const DETAIL_MS = 16;
const NOTICE_MS = 6000;
const FINEST = 3;
const CHANNEL_HEIGHT = 38;
const NOTE_HEIGHT = 54;
/** With more cells a side their numbers have no room. */
const CROWDED = 36;

export class Picture {
  /**
   * @param {HTMLElement} root
   * @param {Props} props
   * @param {Kept} kept
   * @param {Spec} spec what the sliders say at first
   * @param {(look: string) => void} report
   */
  constructor(root, props, kept, spec, report) {
    this.root = root;
    this.kept = kept;
    this.report = report;
    const { started } = kept;
    const asked = started ? null : this.takePlace();
    this.scene = new Scene(props, kept, spec);
    const font = getComputedStyle(root).fontFamily;
    this.input = makeGrid("input", props.labels.input, font);
    this.output = makeGrid("output", props.labels.output, font);
    this.tools = new Tools(this.scene, {
      relook: (changes) => this.relook(changes),
      chooseInput: (channel) => this.chooseInput(channel),
      redraw: () => this.draw(),
    });
    this.matrices = new Matrices(this.scene, this.tools.kernelTools);
    this.sum = new Sum(this.scene, (channel) => this.chooseInput(channel));
    this.player = new Player(this.scene, {
      show: () => this.showStep(),
      announce: () => this.announce(),
      isBusy: () => this.scene.hover !== null || this.editor.isOpen,
    });
    this.editor = new Editor(this.scene, this.input, this.matrices, {
      relook: (changes) => this.relook(changes),
      paint: (look, place) => this.paint(look, place),
      report: () => this.report(lookText(this.scene.look)),
      say: (text) => this.say(text),
      unveil: () => this.unveil(),
      show: () => this.show(),
    });
    this.detailTimer = 0;
    this.noticeTimer = 0;
    this.grids = make("div", "grids");
    this.grids.append(this.input.figure, this.matrices.middle, this.output.figure);
    this.link = new Link(this.grids);
    this.reading = make("p", "reading");
    this.live = make("p", "live");
    this.notice = make("p", "notice");
    this.build();
    this.listen();
    this.begin(asked, started);
  }

  build() {
    const { props } = this.scene;
    this.root.classList.toggle("dark", props.dark);
    setColours(this.root, props.colours);
    this.reading.tabIndex = 0;
    this.live.setAttribute("aria-live", "polite");
    this.notice.setAttribute("role", "status");
    this.notice.hidden = true;
    this.root.replaceChildren(
      this.grids,
      this.sum.element,
      this.player.element,
      this.tools.element,
      this.matrices.work,
      this.reading,
      this.live,
      this.notice,
    );
  }

  listen() {
    const looking = {
      point: (/** @type {Cell | null} */ cell) => this.point(cell),
      pin: (/** @type {Cell} */ cell) => this.pin(cell),
      unpin: () => this.unpin(),
    };
    listenToGrid(this.input, this.scene, this.editor, looking);
    listenToGrid(this.output, this.scene, this.editor, looking);
    listenToKernel(this.matrices, this.scene, this.editor, looking);
  }

  /**
   * @param {ReturnType<typeof askedPlace>} asked
   * @param {boolean} started before, in an earlier run of the script
   */
  begin(asked, started) {
    this.kept.step = null;
    this.refresh();
    this.kept.started = true;
    setTimeout(() => this.keepPlace(), ADDRESS_MS);
    this.checkPlace(asked);
    if (!started && !asked && !calm()) this.player.play();
  }

  /**
   * What the sliders say now.
   *
   * @param {Spec} spec
   */
  feed(spec) {
    const before = this.scene.spec;
    const fromAddress = this.kept.news !== spec.news;
    setTimeout(() => this.keepPlace(), ADDRESS_MS);
    const sameLayer = JSON.stringify(before.layer) === JSON.stringify(spec.layer);
    const same =
      sameLayer &&
      before.digit === spec.digit &&
      before.relu === spec.relu &&
      before.problem === spec.problem;
    if (same && !fromAddress) return;
    this.kept.step = null;
    this.scene.take(spec);
    this.refreshView();
    if (this.player.isPlaying && !sameLayer) {
      this.kept.step = 0;
      this.player.play();
    }
  }

  /** Numbers and view anew. */
  refresh() {
    this.scene.compute();
    this.refreshView();
  }

  refreshView() {
    keepingFocus(this.root, () => this.tools.sync(this.input, this.output));
    this.writeTags();
    this.matrices.build();
    this.layout();
  }

  writeTags() {
    const { kept, model, props } = this.scene;
    const { labels } = props;
    const { layer, rows, columns } = model;
    const size = (/** @type {number} */ r, /** @type {number} */ c) =>
      layer.kind === "Conv1d" ? `${c}` : `${r} × ${c}`;
    const padded = rows.inCells !== rows.size || columns.inCells !== columns.size;
    const more = padded ? ` → ${size(rows.inCells, columns.inCells)}` : "";
    this.input.tag.textContent = `x[${sampleOf(model)}${kept.input}]  ${size(rows.size, columns.size)}${more}`;
    const out = model.legal ? size(rows.out, columns.out) : labels.none;
    this.output.tag.textContent = `y[${sampleOf(model)}${kept.output}]  ${out}`;
    for (const grid of [this.input, this.output]) {
      const name = fill(labels.gridLabel, { name: labels[grid.name], size: grid.tag.textContent });
      grid.hit.setAttribute("aria-label", name + (grid === this.input ? labels.editableGrid : ""));
    }
    this.input.hit.style.touchAction = this.editor.isDrawing ? "none" : ""; // a finger draws, it does not scroll
  }

  /** What will stand between the grids and the sum, in pixels; a note is there where cells are not plain. */
  get under() {
    const { model, hasUnread, moved, spec } = this.scene;
    const hasChannel = model.layer.inChannels > 1 || outputChannels(model.layer) > 1;
    const { rows, columns } = this.scene.sizeOf("input");
    const hasNote = hasUnread || moved || !spec.drawable || Math.max(rows, columns) > CROWDED;
    return (hasChannel ? CHANNEL_HEIGHT : 0) + (hasNote ? NOTE_HEIGHT : 0);
  }

  /** Cells as large as the room allows. */
  layout() {
    const width = this.root.clientWidth;
    if (!width) return;
    const { scene } = this;
    const { rows, columns } = scene.model;
    const margin = scene.footprintMargin;
    const [input, output] = [scene.sizeOf("input"), scene.sizeOf("output")];
    const plan = planLayout({
      width,
      height: window.innerHeight,
      under: this.under,
      input: { rows: input.rows + margin, columns: input.columns + margin },
      kernel: { rows: rows.kernel, columns: columns.kernel },
      output: scene.model.legal ? output : { rows: 1, columns: 4 },
    });
    this.root.classList.toggle("narrow", plan.narrow);
    const ratio = Math.min(window.devicePixelRatio || 1, FINEST);
    sizeGrid(this.input, input, plan.input, ratio);
    sizeGrid(this.output, output, plan.output, ratio);
    this.input.stage.style.marginRight = `${margin * plan.input}px`;
    this.input.stage.style.marginBottom = `${margin * plan.input}px`;
    this.matrices.resize(plan.kernel, plan.work);
    this.draw();
  }

  draw() {
    drawInput(this.scene, this.input);
    drawOutput(this.scene, this.output);
    this.show();
  }

  // --- what is looked at ------------------------------------------------------------------------------------------

  /** Draw what belongs to the cell looked at: over the grids, in the matrices, in words. */
  show() {
    const { scene } = this;
    const { focus } = scene;
    const met = scene.meetings(focus);
    const linked = focus?.grid !== "kernel" && !this.root.classList.contains("narrow");
    this.link.show(this.input, this.output, linked ? met : []); // first: it measures, which is dear after a change
    showInput(scene, this.input, focus, met);
    showOutput(scene, this.output, focus, met);
    if (scene.hover) this.detailTimer ||= setTimeout(() => this.showDetails(), DETAIL_MS);
    else this.showDetails();
  }

  /** A step of playing: a transposed layer's output grows with it. */
  showStep() {
    if (this.scene.stepGrid === "input") drawOutput(this.scene, this.output);
    this.show();
  }

  /**
   * Matrices, sum and words: they cost more than the grids, so that they follow a moving pointer a frame later, the
   * latest cell only.
   */
  showDetails() {
    clearTimeout(this.detailTimer);
    this.detailTimer = 0;
    const { scene, player } = this;
    const { focus } = scene;
    const met = scene.meetings(focus);
    this.matrices.show(focus, met);
    this.sum.show(focus);
    this.reading.textContent = sentence(scene, focus, met);
    player.sync();
    this.root.dataset.step = String(player.at);
    this.root.dataset.playing = String(player.isPlaying);
  }

  /** @param {Cell | null} cell */
  point(cell) {
    const { hover } = this.scene;
    if (cell?.grid === hover?.grid && cell?.r === hover?.r && cell?.c === hover?.c) return;
    this.scene.hover = cell;
    this.show();
  }

  /** @param {Cell} cell */
  pin(cell) {
    this.unveil();
    this.scene.hover = null;
    Object.assign(this.kept, { pin: cell, place: this.scene.placeOf(cell), unpinned: false });
    this.show();
    this.announce();
    this.keepPlace();
  }

  unpin() {
    this.unveil();
    this.scene.hover = null;
    Object.assign(this.kept, { pin: null, place: null, unpinned: true });
    this.show();
    this.keepPlace();
  }

  /** Playing ends, all is shown. */
  unveil() {
    this.player.stop();
    this.kept.step = null;
    if (!this.scene.partial) return;
    this.scene.partial = null;
    drawOutput(this.scene, this.output);
  }

  announce() {
    this.live.textContent = this.reading.textContent;
  }

  /**
   * What was refused, over the picture for a while: nothing moves for it.
   *
   * @param {string} text
   */
  say(text) {
    this.notice.textContent = text;
    this.notice.hidden = false;
    clearTimeout(this.noticeTimer);
    this.noticeTimer = setTimeout(() => {
      this.notice.hidden = true;
    }, NOTICE_MS);
  }

  // --- the address ------------------------------------------------------------------------------------------------

  takePlace() {
    const asked = askedPlace();
    if (asked?.found) Object.assign(this.kept, { place: asked.found.place, input: asked.found.channel });
    return asked;
  }

  /**
   * Say so where the address named a cell that is not there; the nearest one is pinned instead.
   *
   * @param {ReturnType<typeof askedPlace>} asked
   */
  checkPlace(asked) {
    if (!asked) return;
    const { kept, scene } = this;
    const pinned = kept.pin && scene.placeOf(kept.pin);
    const { found } = asked;
    if (found && pinned && placeText(pinned, kept.input) === placeText(found.place, found.channel)) return;
    kept.place = found ? pinned : null;
    this.say(fill(scene.props.labels.badPlace, { value: asked.value }));
  }

  keepPlace() {
    if (this.root.isConnected && this.kept.started) keepPlace(this.kept.place, this.kept.input);
  }

  // --- another look -----------------------------------------------------------------------------------------------

  /** @param {Partial<Look>} changes */
  relook(changes) {
    this.kept.look = { ...this.scene.look, ...changes };
    this.unveil();
    this.refresh();
    this.report(lookText(this.scene.look));
  }

  /**
   * @param {Look} look
   * @param {Cell} place
   */
  paint(look, place) {
    this.kept.look = look;
    this.unveil();
    Object.assign(this.kept, { place, unpinned: false });
    this.refresh();
  }

  /** @param {number} channel */
  chooseInput(channel) {
    this.kept.input = channel;
    this.refresh();
    this.keepPlace();
  }

  close() {
    clearTimeout(this.detailTimer);
    clearTimeout(this.noticeTimer);
    this.player.stop();
  }
}
