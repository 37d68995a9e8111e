// A clock for the contracts of gateways: noon of yesterday, so that no test meets midnight or the end of a week.

const DAY_MS = 24 * 3_600_000;

export interface ContractClock {
  nowMs(): number;
  monotonicMs(): number;
  /** Moves it on. */
  letPass(ms: number): void;
}

/** Runs on with the system's clock from noon UTC of the day before. Yesterday, because certificates are valid from its now on. */
export function contractClock(): ContractClock {
  const startedMs = Date.now();
  const noonMs = Math.floor(startedMs / DAY_MS) * DAY_MS - DAY_MS / 2;
  let aheadMs = 0;
  return {
    nowMs: () => noonMs + (Date.now() - startedMs) + aheadMs,
    monotonicMs: () => performance.now() + aheadMs,
    letPass(ms) {
      aheadMs += ms;
    },
  };
}
