// @ts-check
// Takes out of wrk's histogram what wrk put in: it answers a long wait with waits of requests that it never sent.

/** @typedef {[number, number][]} Histogram microseconds, and how often */

/**
 * For each time above twice a connection's pace wrk adds the times shorter by one pace, by two … down to the pace
 * (`stats_correct` in its source), so as to make up for requests that its closed loop could not send meanwhile. The bench's
 * own generator does not, and its open loop measures what was meant. From the longest down, each addition is known.
 *
 * @param {{ histogram: Histogram, answers: number, paceMicros: number }} found
 * @returns {Float64Array} milliseconds, one for each answer
 * @throws Error where there is not one for each answer
 */
export function measuredMs({ histogram, answers, paceMicros }) {
  const counts = new Map(histogram);
  if (total(counts) !== answers) {
    const descending = histogram.map(([micros]) => micros).sort((a, b) => b - a);
    for (const micros of descending) takeOut(counts, { micros, paceMicros });
  }
  const isWhole = [...counts.values()].every((count) => count >= 0);
  if (!isWhole || total(counts) !== answers)
    throw new Error("wrk's histogram does not add up: this wrk corrects it in another way");
  const times = [...counts].flatMap(([micros, count]) => Array(count).fill(micros / 1_000));
  return Float64Array.from(times);
}

/** @param {Map<number, number>} counts @param {{ micros: number, paceMicros: number }} longer */
function takeOut(counts, { micros, paceMicros }) {
  const count = counts.get(micros) ?? 0;
  for (let added = micros - paceMicros; added > paceMicros; added -= paceMicros)
    counts.set(added, (counts.get(added) ?? 0) - count);
}

/** @param {Map<number, number>} counts */
function total(counts) {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
