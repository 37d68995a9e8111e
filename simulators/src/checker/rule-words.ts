// The words of each rule: the same from seed to seed, so that failures of one kind can be counted.

/** Every rule that a day must keep, by a short name. */
export const RULE = {
  // What was seen is in the ledger.
  begun: "what is in the ledger was begun by a terminal, once",
  approvalKept: "an approval that was seen is in the ledger, once, with the same units",
  answerKept: "what a terminal was answered is what the ledger holds",
  wordKept: "what was done with a sale is in the ledger, once, with the same units",
  // Nothing is there twice.
  onceAttempt: "an id is decided once",
  onceTaken: "the entries of a sale take what its answer says, once",
  onceReturned: "the entries of a sale give back what its refunds and its one reversal say",
  onceOperation: "a sale is captured once and reversed once, and a refund is made once",
  ownAccount: "a sale moves the account of the card that was presented, and no other",
  inquiryMovesNothing: "an inquiry moves nothing",
  // Doubts end.
  toldClearly: "a till is told once, and whether money moved fits the outcome",
  saleEnds: "a sale that began comes to an end",
  declinedMoved: "of a sale that was declined nothing stands",
  unknownEnds: "a sale that ended as unknown is resolved",
  unknownStands: "of a sale that ended as unknown nothing stands",
  unknownClosed: "an id that ended as unknown is closed by a reversal",
  crashStands: "what a crash left in doubt stands only where it was recovered",
  crashClosed: "an id that a crash left open is closed by a reversal",
  startedAgain: "what died started again",
  // After the sale.
  askEnds: "what was asked for after a sale comes to an end",
  lastWord: "the ledger agrees with the last word on what was asked for",
  unasked: "nothing is captured, given back or reversed by hand that nobody asked for",
  behindBack: "a sale in the till's hand is not reversed behind its back",
  captureOverHold: "a capture takes at most what was held, while it was held",
  refundOverTaken: "refunds give back at most what was taken",
  // Answers.
  sameAnswer: "answers to one id never differ, but for approved before and reversed after",
  tombstone: "an id that was reversed first is never approved after",
  // Balances.
  grantAmount: "a grant's amount stays as it was loaded",
  spentIsEntries: "spent is the sum of the grant's entries",
  overAmount: "never more is spent than the grant's amount",
  belowZero: "never less than nothing is spent",
  holdKept: "a hold stands in the ledger until it is captured, reversed or over, and no longer",
  // Each decision, made again.
  approvable: "a sale that the rules approve is approved, unless it came too late",
  declinable: "a sale that the rules decline is not approved",
  unitsByRule: "an approval takes what the rules say",
  reasonByRule: "a sale is declined for the reason that comes first",
  cardCounter: "a card's message counter is that of the last message that was decided on",
  cardTries: "a card's wrong PINs are counted over all terminals and channels",
  // The day.
  dayTotals: "a terminal's day totals are the ledger's",
} as const;

/** The words of one rule. */
export type RuleWords = (typeof RULE)[keyof typeof RULE];
