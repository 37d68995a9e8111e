// Two operations measured in turns, many times: how far apart their medians are, with its 95 % interval.

/** Differences of one pair of operations, in microseconds. */
export interface PairedFigures {
  readonly pairs: number;
  /** Median of (second − first), and the interval that covers it with 95 %. */
  readonly medianUs: number;
  readonly lowUs: number;
  readonly highUs: number;
  /** What the first one takes, median. */
  readonly firstUs: number;
}

/** One operation; whatever it needs is prepared before the clock runs. */
export type Operation = () => Promise<unknown> | unknown;

/** Before the first pair that counts: code is compiled and caches are warm. */
const WARM_UP_PAIRS = 2_000;
const NS_IN_US = 1_000;
/** Of the normal distribution, for 95 %. */
const Z_95 = 1.96;

/**
 * Measures pairs. Which of the two goes first alternates by a coin of its own, so that neither profits from the order.
 *
 * @param prepare gives both operations of a pair, made afresh, not measured.
 */
export async function measurePairs(options: {
  readonly pairs: number;
  readonly prepare: () => readonly [first: Operation, second: Operation];
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly progress: (done: number) => void;
}): Promise<PairedFigures> {
  const { pairs, prepare, random, progress } = options;
  const differences = new Float64Array(pairs);
  const firsts = new Float64Array(pairs);
  for (let index = -WARM_UP_PAIRS; index < pairs; index += 1) {
    const [first, second] = prepare();
    const isSwapped = random() < 0.5;
    const early = await timed(isSwapped ? second : first);
    const late = await timed(isSwapped ? first : second);
    if (index < 0) continue;
    const [firstUs, secondUs] = isSwapped ? [late, early] : [early, late];
    differences[index] = secondUs - firstUs;
    firsts[index] = firstUs;
    if ((index + 1) % 10_000 === 0) progress(index + 1);
  }
  return { pairs, ...medianWithInterval(differences), firstUs: medianOf(firsts) };
}

async function timed(operation: Operation): Promise<number> {
  const fromNs = process.hrtime.bigint();
  await operation();
  return Number(process.hrtime.bigint() - fromNs) / NS_IN_US;
}

/** The interval of order statistics: it asks nothing of how the differences are distributed. */
export function medianWithInterval(
  values: Float64Array,
): Pick<PairedFigures, "medianUs" | "lowUs" | "highUs"> {
  const sorted = values.toSorted();
  const half = (Z_95 * Math.sqrt(sorted.length)) / 2;
  const at = (rank: number) =>
    sorted[Math.min(Math.max(Math.round(rank), 0), sorted.length - 1)] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return { medianUs: at(middle), lowUs: at(middle - half), highUs: at(middle + half) };
}

function medianOf(values: Float64Array): number {
  return medianWithInterval(values).medianUs;
}
