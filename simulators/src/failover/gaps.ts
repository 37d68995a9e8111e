// How long a till went without an answer.

/**
 * The longest time between two answers, one after the other, that overlaps with a span of time.
 *
 * @param answersMs in order
 * @returns milliseconds; null where no two answers stand around any of it
 */
export function longestGap(
  answersMs: readonly number[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): number | null {
  let longest: number | null = null;
  let before: number | null = null;
  for (const atMs of answersMs) {
    if (before !== null && atMs >= fromMs && before <= toMs) {
      longest = Math.max(longest ?? 0, atMs - before);
    }
    before = atMs;
  }
  return longest;
}
