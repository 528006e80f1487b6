// What a network looked like at each step that there is a picture of: taken in as bytes, kept decoded.

/**
 * @typedef {{
 *   step: number, after: number, loss: number | null, count: number, side: number, isFinite: boolean,
 *   sizes: [levels: number, probabilities: number, confusion: number], isClose?: boolean,
 * }} Item what the header says of a picture; `after`: the step whose levels its own are added to, -1 for none;
 *   `isClose`: one of a stretch that is seen closer while it is passed slowly
 * @typedef {{
 *   step: number, loss: number | null, count: number, side: number, isFinite: boolean, levels: Int8Array,
 *   probabilities: Uint8Array, confusion: Int16Array, isClose: boolean,
 * }} Shot
 */

const MOST = 600;
/** Of stretches that are seen closer. */
const MOST_CLOSE = 240;
const CLASSES = 10;

/**
 * The header of a message, and what follows it. A message is: four bytes with the length of the header (little-endian),
 * the header as JSON, the pictures' bytes one after the other.
 *
 * @param {Uint8Array} bytes
 */
export function split(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  return { header, rest: bytes.subarray(4 + length) };
}

/** @param {Uint8Array} bytes zlib @returns {Promise<Uint8Array>} */
async function inflated(bytes) {
  const stream = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export class History {
  constructor() {
    /** @type {Shot[]} */
    this.shots = [];
    /** @type {Map<number, Shot>} */
    this.byStep = new Map();
    this.busy = Promise.resolve();
  }

  /** The last step there is. */
  get last() {
    return this.shots.at(-1)?.step ?? -1;
  }

  /**
   * Take pictures in, in order; those that are known are left out. Says whether none was missing in between.
   *
   * @param {Item[]} items
   * @param {Uint8Array} bytes
   * @returns {Promise<boolean>}
   */
  take(items, bytes) {
    const done = this.busy.then(() => this.decode(items, bytes));
    this.busy = done.then(() => undefined);
    return done;
  }

  /** @param {Item[]} items @param {Uint8Array} bytes */
  async decode(items, bytes) {
    let start = 0;
    for (const item of items) {
      const [levels, probabilities, confusion] = item.sizes;
      const parts = [levels, probabilities, confusion].map((size) => {
        start += size;
        return bytes.subarray(start - size, start);
      });
      const before = this.byStep.get(item.after);
      const known = this.byStep.get(item.step);
      if (known) known.isClose &&= item.isClose ?? false;
      if (known) continue;
      if (item.after >= 0 && !before) return false;
      const moved = await inflated(parts[0] ?? new Uint8Array());
      const base = before ? new Uint8Array(before.levels.buffer) : null;
      if (base) for (let i = 0; i < moved.length; i += 1) moved[i] += base[i];
      const counts = new Int16Array(CLASSES * CLASSES);
      new Uint8Array(counts.buffer).set(parts[2] ?? []);
      this.add({
        ...item,
        isClose: item.isClose ?? false,
        levels: new Int8Array(moved.buffer),
        probabilities: new Uint8Array(parts[1] ?? []),
        confusion: counts,
      });
    }
    return true;
  }

  /** @param {Shot} shot */
  add(shot) {
    const place = this.shots.findLastIndex((each) => each.step < shot.step) + 1;
    this.shots.splice(place, 0, shot);
    this.byStep.set(shot.step, shot);
    const close = this.shots.filter((each) => each.isClose);
    if (close.length > MOST_CLOSE) this.keep((each) => each !== close[0]);
    const usual = this.shots.filter((each) => !each.isClose);
    if (usual.length <= MOST) return;
    // Of the later ones every other may go; the last stays, new ones are added to it.
    const first = usual.findIndex((each) => each.step > 100);
    const gone = new Set(usual.filter((_, i) => i > first && (i - first) % 2 === 1 && i < usual.length - 1));
    this.keep((each) => !gone.has(each));
  }

  /** @param {(shot: Shot) => boolean} holds */
  keep(holds) {
    this.shots = this.shots.filter(holds);
    this.byStep = new Map(this.shots.map((each) => [each.step, each]));
  }

  /** The shot nearest to a step, as its place. @param {number} step */
  placeOf(step) {
    const place = this.shots.findLastIndex((each) => each.step <= step);
    return Math.max(0, place);
  }
}
