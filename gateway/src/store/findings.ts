// A bounded list of what does not hold: a ledger that is wrong everywhere must not fill the memory as well.

/** The most findings that are listed; the rest are counted. */
export const FINDINGS_MAX = 1_000;

export interface Findings {
  add(finding: string): void;
  /** In the order of finding; the last line says how many more there are. */
  list(): readonly string[];
}

export function createFindings(): Findings {
  const listed: string[] = [];
  let more = 0;
  return {
    add(finding) {
      if (listed.length < FINDINGS_MAX) listed.push(finding);
      else more += 1;
    },
    list: () => (more === 0 ? listed : [...listed, `and ${more} more`]),
  };
}
