// One failover run: starts a cluster under load, breaks it, lets it come to rest, and judges.

import { ledgerFigures, salesFigures } from "../chaos/figures.js";
import { UsageError } from "../chaos/options.js";
import { type Spread, spreadOf } from "../chaos/quantiles.js";
import { dice as diceOf } from "../chaos/random.js";
import type { Remains } from "../chaos/remains.js";
import type { Fact, LedgerFacts, Violation } from "../checker/facts.js";
import { explain } from "../checker/index.js";
import type { Cluster } from "../cluster/cluster.js";
import { attack, type FaultReport } from "./attack.js";
import { FAULT_KINDS, type FaultKind } from "./fault.js";
import type { FailoverOptions } from "./options.js";
import { planOf } from "./plan.js";
import { comeToRest } from "./rest.js";
import { openScene, type Scene } from "./scene.js";
import { judgeScene } from "./verdict.js";

const VIOLATIONS_EXPLAINED_MAX = 5;

/** All figures of a run; times in milliseconds. */
export type FailoverReport = Awaited<ReturnType<typeof runFailover>>;

interface Run {
  /** Ends the faults once the one that is under way is mended; before the first of them, the run. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly remains: Remains;
}

/**
 * Runs until every fault was made, or one that the cluster did not survive, or the signal.
 *
 * @throws UsageError where this machine lacks something; the signal's reason where it came
 *   before anything was broken; Error where the run itself cannot go on.
 */
export async function runFailover(options: FailoverOptions, run: Run) {
  const startedMs = performance.now();
  run.say(`seed ${options.seed}`);
  const scene = await openUnlessEnded(options, run);
  let keepsFolder = options.keep;
  try {
    const found = await attackAndJudge(scene, options, run);
    keepsFolder ||= found.violations.length > 0;
    return {
      seed: options.seed,
      seconds: Math.round((performance.now() - startedMs) / 1_000),
      tills: options.tills,
      network: scene.cluster.network.kind,
      ...found,
      folder: keepsFolder ? scene.cluster.folder : null,
    };
  } finally {
    scene.abandon({ keepsFolder });
  }
}

/** What is broken is mended, also after the signal: only the start heeds it. */
async function openUnlessEnded(options: FailoverOptions, run: Run): Promise<Scene> {
  const starting = new AbortController();
  const stop = () => starting.abort(run.signal.reason);
  run.signal.addEventListener("abort", stop, { once: true });
  try {
    return await openScene({ ...options, ...run, signal: starting.signal });
  } finally {
    run.signal.removeEventListener("abort", stop);
  }
}

async function attackAndJudge(scene: Scene, options: FailoverOptions, run: Run) {
  const dice = diceOf(options.seed);
  const plan = faultsOf(options, scene.cluster, dice);
  const { faults, violations: broken } = await attack(scene, { ...run, plan, dice });
  run.say("healing: everybody runs, tills settle what they owe");
  const unsettled = await comeToRest(scene);
  run.say("checking");
  const { facts, ledger, violations: judged } = await judgeScene(scene, run.remains);
  const violations = [...broken, ...unsettled, ...judged];
  return {
    planned: plan.length,
    faults: byKind(faults),
    gatewaysEndedInDoubt: scene.gateways.doubts,
    sales: salesFigures(facts),
    ledger: ledger && ledgerFigures(ledger),
    violations,
    traces: ledger === null ? [] : tracesOf(violations, facts, ledger),
  };
}

function tracesOf(violations: readonly Violation[], facts: readonly Fact[], ledger: LedgerFacts) {
  return violations
    .slice(0, VIOLATIONS_EXPLAINED_MAX)
    .filter(({ sale }) => sale !== null)
    .map((one) => explain(one, facts, ledger));
}

function faultsOf(
  { kills, only }: FailoverOptions,
  { network }: Cluster,
  dice: Parameters<typeof planOf>[0]["dice"],
): readonly FaultKind[] {
  if (only === "cut" && network.cut === null) {
    throw new UsageError(`nothing can be cut off here: ${network.kind}. Operator: run it as root`);
  }
  if (only !== null) return new Array<FaultKind>(kills).fill(only);
  const others = FAULT_KINDS.filter(
    (kind) => kind !== "primary" && (kind !== "cut" || network.cut !== null),
  );
  return planOf({ kills, others, dice });
}

/** What the faults of one kind came to. */
export interface KindFigures {
  readonly count: number;
  /** Of each till at each fault. */
  readonly withoutAnswerMs: Spread | null;
  readonly soldAgainMs: Spread | null;
  readonly wholeMs: Spread | null;
}

function byKind(faults: readonly FaultReport[]): Readonly<Partial<Record<FaultKind, KindFigures>>> {
  const figures = FAULT_KINDS.map((kind) => {
    const own = faults.filter((fault) => fault.kind === kind);
    const spread = (of: (fault: FaultReport) => readonly number[]) => spreadOf(own.flatMap(of));
    return [
      kind,
      {
        count: own.length,
        withoutAnswerMs: spread(({ withoutAnswerMs }) => withoutAnswerMs),
        soldAgainMs: spread(({ soldAgainMs }) => [soldAgainMs]),
        wholeMs: spread(({ wholeMs }) => [wholeMs]),
      },
    ] as const;
  });
  return Object.fromEntries(figures.filter(([, { count }]) => count > 0));
}
