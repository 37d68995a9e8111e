// Virtual time: what is planned happens in its order, and nothing waits for a real clock.

/** Turns of the real event loop between two planned things: what one of them set off has mostly run by then. */
const TURNS = 2;

interface Planned {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
  isOff: boolean;
}

/** A clock that stands still but for what is planned on it. All that runs on it is deterministic. */
export class Timeline {
  /** A heap by instant, then by the order of planning. */
  readonly #planned: Planned[] = [];
  #nowMs = 0;
  #order = 0;

  /** Milliseconds since the world began; with fractions. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Plans something once; the returned function calls it off. */
  after(delayMs: number, run: () => void): () => void {
    this.#order += 1;
    const atMs = this.#nowMs + Math.max(0, delayMs);
    const planned: Planned = { atMs, order: this.#order, run, isOff: false };
    push(this.#planned, planned);
    return () => {
      planned.isOff = true;
    };
  }

  /** Waits in virtual time. */
  pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve));
  }

  /** Lets time pass until something has come true, or a deadline is over. Resolves with whether it has. */
  async runUntil(isDone: () => boolean, untilMs: number): Promise<boolean> {
    await turns();
    while (!isDone()) {
      const next = pop(this.#planned);
      if (next === undefined || next.atMs > untilMs) {
        if (next !== undefined) push(this.#planned, next);
        this.#nowMs = Math.max(this.#nowMs, untilMs);
        return isDone();
      }
      if (next.isOff) continue;
      this.#nowMs = next.atMs;
      next.run();
      await turns();
    }
    return true;
  }
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

const isBefore = (a: Planned, b: Planned) =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

function push(heap: Planned[], added: Planned): void {
  let at = heap.push(added) - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || isBefore(parent, added)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = added;
}

function pop(heap: Planned[]): Planned | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    const right = left + 1;
    const [leftOne, rightOne] = [heap[left], heap[right]];
    if (leftOne === undefined) break;
    const isRight = rightOne !== undefined && isBefore(rightOne, leftOne);
    const child = isRight ? rightOne : leftOne;
    if (!isBefore(child, last)) break;
    heap[at] = child;
    at = isRight ? right : left;
  }
  heap[at] = last;
  return first;
}
