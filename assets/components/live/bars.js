// What a network says of a digit: ten bars, the winner named, and what it said before something was changed.

import { make } from "../shared/dom.js";
import { CLASSES } from "./network.js";

export class Bars {
  /**
   * @param {string} name of the list, for screen readers
   * @param {(digit: number) => void} [onChoose] makes each row a button
   */
  constructor(name, onChoose) {
    this.node = make("div", "bars");
    this.node.setAttribute("role", onChoose ? "group" : "list");
    this.node.setAttribute("aria-label", name);
    this.rows = Array.from({ length: CLASSES }, (_, digit) => {
      const row = onChoose ? make("button", "bar") : make("div", "bar");
      if (row instanceof HTMLButtonElement) row.type = "button";
      else row.setAttribute("role", "listitem");
      if (onChoose) row.onclick = () => onChoose(digit);
      const track = make("span", "track");
      const [inner, before] = [make("span", "inner"), make("span", "before")];
      track.append(inner, before);
      const percent = make("span", "percent");
      row.append(make("span", "class", String(digit)), track, percent);
      this.node.append(row);
      return { row, inner, before, percent };
    });
  }

  /**
   * @param {readonly number[] | null} probabilities null: there is nothing to read
   * @param {readonly number[] | null} [before] of the network as it was trained, where something is changed
   */
  show(probabilities, before = null) {
    const best = probabilities ? probabilities.indexOf(Math.max(...probabilities)) : -1;
    this.rows.forEach(({ row, inner, before: ghost, percent }, digit) => {
      const share = probabilities ? probabilities[digit] : 0;
      inner.style.width = `${100 * share}%`;
      percent.textContent = probabilities ? `${(100 * share).toFixed(1)} %` : "";
      row.classList.toggle("best", digit === best);
      ghost.hidden = !before;
      if (before) ghost.style.left = `${100 * before[digit]}%`;
    });
    return best;
  }

  /** @param {number} digit -1: none */
  mark(digit) {
    this.rows.forEach(({ row }, i) => {
      row.setAttribute("aria-pressed", String(i === digit));
    });
  }
}
