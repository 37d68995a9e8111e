// Says whether a day of sales was kept truly, from what was seen at its tills and what its ledger holds.

export { check } from "./check.js";
export { explain } from "./explain.js";
export type * from "./facts.js";
export { RULE, type RuleWords } from "./rule-words.js";
