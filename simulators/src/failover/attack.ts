// Breaks a cluster under load, one fault after the other: each is over once sales have gone on, and the cluster is whole again.

import type { Dice } from "../chaos/random.js";
import type { Violation } from "../checker/facts.js";
import type { View } from "../cluster/view.js";
import { isWhole } from "../cluster/view.js";
import { drawFault, type Fault, type FaultKind } from "./fault.js";
import { longestGap } from "./gaps.js";
import { FAILOVER_RULES } from "./rules.js";
import type { Scene } from "./scene.js";

/** Sales that are approved at each till before a fault counts as survived. */
const SALES_AFTER = 2;
const SOLD_AGAIN_MS_MAX = 60_000;
const WHOLE_MS_MAX = 120_000;
/** How many sales of each till come before the next fault, so that it finds the cluster at any point of its work. */
const SALES_BETWEEN_MAX = 4;

/** What became of one fault. Times in milliseconds, from its beginning. */
export interface FaultReport {
  readonly kind: FaultKind;
  readonly what: string;
  /** Until somebody else had the place of whom it was done to. */
  readonly takenOverMs: number;
  /** Until each till had sold since then. */
  readonly soldAgainMs: number;
  /** Until it was mended and the cluster was whole. */
  readonly wholeMs: number;
  /** Each till's longest time without an answer, from the fault until it sold again. */
  readonly withoutAnswerMs: readonly number[];
}

export interface Attack {
  readonly faults: readonly FaultReport[];
  readonly violations: readonly Violation[];
}

/** Does what is planned. Ends before that at the signal, and where sales did not go on or the cluster did not become whole. */
export async function attack(
  scene: Scene,
  options: {
    readonly plan: readonly FaultKind[];
    readonly dice: Dice;
    readonly say: (line: string) => void;
    readonly signal: AbortSignal;
  },
): Promise<Attack> {
  const { plan, dice, say, signal } = options;
  const faults: FaultReport[] = [];
  const violations: Violation[] = [];
  const found = (rule: string, words: string) =>
    violations.push({ rule, found: words, sale: null });
  for (const [index, kind] of plan.entries()) {
    if (signal.aborted) break;
    let rule: string = FAILOVER_RULES.whole;
    let what: string = kind;
    try {
      await untilWhole(scene);
      await untilSold(scene, { sinceMs: Date.now(), sales: dice.between(1, SALES_BETWEEN_MAX) });
      const fault = await drawFault(kind, { ...scene, dice });
      what = fault.what;
      rule = FAILOVER_RULES.goesOn;
      const sold = await strike(scene, fault);
      rule = FAILOVER_RULES.whole;
      for (const words of await fault.mend(() => untilWhole(scene))) {
        found(FAILOVER_RULES.former, `${what}: ${words}`);
      }
      const { startedAtMs, ...times } = sold;
      faults.push({ kind, what, ...times, wholeMs: Date.now() - startedAtMs });
      say(
        `${index + 1} of ${plan.length}: ${what}; at most ${Math.max(...sold.withoutAnswerMs)} ms without an answer, whole after ${Date.now() - startedAtMs} ms`,
      );
    } catch (error) {
      found(rule, `${what}: ${error instanceof Error ? error.message : String(error)}`);
      return { faults, violations };
    }
  }
  return { faults, violations };
}

/** Makes a fault, and waits until each till sells without whom it was done to. @throws Error where that takes too long. */
async function strike({ cluster, heard, ...scene }: Scene, fault: Fault) {
  const startedAtMs = Date.now();
  fault.begin();
  await cluster.until((view) => fault.isTakenOver(view), {
    what: "whoever takes over",
    timeoutMs: SOLD_AGAIN_MS_MAX,
  });
  const takenOverAtMs = Date.now();
  await untilSold(
    { ...scene, cluster, heard },
    {
      sinceMs: takenOverAtMs,
      sales: SALES_AFTER,
      timeoutMs: SOLD_AGAIN_MS_MAX - (takenOverAtMs - startedAtMs),
    },
  );
  const soldAgainAtMs = Date.now();
  const span = { fromMs: startedAtMs, toMs: soldAgainAtMs };
  return {
    startedAtMs,
    takenOverMs: takenOverAtMs - startedAtMs,
    soldAgainMs: soldAgainAtMs - startedAtMs,
    withoutAnswerMs: heard.answersMs().flatMap((answersMs) => longestGap(answersMs, span) ?? []),
  };
}

/** Until each till had so many sales approved that began since then. */
async function untilSold(
  { cluster, heard }: Scene,
  options: { readonly sinceMs: number; readonly sales: number; readonly timeoutMs?: number },
): Promise<void> {
  const { sinceMs, sales, timeoutMs = SOLD_AGAIN_MS_MAX } = options;
  const isSold = () => {
    heard.read();
    return heard.approvedSince(sinceMs).every((count) => count >= sales);
  };
  await cluster.until(isSold, { what: `${sales} approved sales of each till`, timeoutMs });
}

async function untilWhole({ cluster, gateways }: Scene): Promise<void> {
  const isAllWhole = async (view: View) =>
    isWhole(view) && (await gateways.all.gw1.isReady()) && (await gateways.all.gw2.isReady());
  await cluster.until(isAllWhole, { what: "a whole cluster", timeoutMs: WHOLE_MS_MAX });
}
