// From which figures on a pattern is worth a look, each with its reason; nothing here ever declines a sale.

export const THRESHOLDS = {
  /**
   * Untouched pots that one merchant takes whole, each in one debit, in one day. A basket rarely costs just what the pot
   * holds: ten in a day is no chance any more, and four fifths of the day's debits leaves out a busy bookshop, where a
   * book that costs more than the pot empties it.
   */
  fullBalances: { atLeast: 10, percentOfDay: 80 },
  /**
   * Pots of which one merchant takes more than half in one day, in several debits of at most half each. One or two are a
   * thing forgotten at the till; three are a habit.
   */
  splits: { grantsAtLeast: 3 },
  /**
   * A day against the median of the partner's own days with sales in the four weeks before, so that each weekday is in
   * it four times. Five times as much is more than a Saturday or a school's outing; below the floors the Région loses
   * little while it waits for the weekly totals.
   */
  volume: { beforeDays: 28, times: 5, salesFloor: 40, centsFloor: 200_000 },
  /**
   * The last week of a window against the four weeks before it. Even trade would put one fifth of the five weeks' debits
   * into the last; more than half is a rush, and thirty debits are more than some late comers.
   */
  rush: { lastDays: 7, beforeDays: 28, atLeast: 30, percent: 50 },
  /**
   * « Pas d'utilisation collective » (T-34): a whole class at one till shows as many debits within an hour. Fifteen is
   * the most that two courses which end together come to.
   */
  psc1: { moreThan: 15, withinMs: 3_600_000 },
} as const;
