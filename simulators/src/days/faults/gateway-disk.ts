// What a plan does to the gateway's commits: slow ones, full and doubtful ones, and a process that dies in one.

import type { Faultiness, Hands } from "../hands.js";
import type { Fault, Plan } from "../plan.js";
import type { Commit } from "../world/mortal-driver.js";
import { streamOf } from "../world/random.js";
import { faultsOf } from "./of-type.js";
import { type FaultKind, tell } from "./told.js";

const COMMIT_MS = { min: 1, max: 6 };

type Failure = Extract<Fault, { type: "commitFails" }>;
type Death = Extract<Fault, { type: "gatewayDies" }>;
type DeathInCommit = Extract<Death["when"], { commit: number }> & { readonly downMs: number };

const KILLED = {
  before: "gatewayDiesBeforeCommit",
  within: "gatewayDiesWithinCommit",
  after: "gatewayDiesAfterCommit",
} as const satisfies Record<string, FaultKind>;

const FAILED = {
  full: "commitFull",
  doubtKept: "commitDoubtKept",
  doubtLost: "commitDoubtLost",
} as const satisfies Record<string, FaultKind>;

/** A gateway that stopped by itself, and that nobody keeps down, is up again after so long. */
const DOWN_MS = 500;

/** Turns what a plan does to commits into a disk; commits are counted through all lives of the gateway. */
export function gatewayDiskOf(
  plan: Plan,
  hands: Hands,
): Pick<Faultiness, "gatewayDisk" | "downAfterDoubtMs"> {
  const slow = faultsOf(plan.faults, "slowCommits");
  const failures = faultsOf(plan.faults, "commitFails");
  const doubted = new Set<Failure>();
  const deaths = new Map(
    faultsOf(plan.faults, "gatewayDies").flatMap(({ when, downMs }) =>
      "commit" in when ? [[when.commit, { ...when, downMs }] as const] : [],
    ),
  );
  let commits = 0;
  let isKept = false;
  let downAfterDoubtMs = DOWN_MS;

  function takeMs(): number {
    const now = hands.nowMs();
    const usual = streamOf(plan.seed, `commit ${commits}`).integer(COMMIT_MS.min, COMMIT_MS.max);
    const at = slow.find(({ fromMs, untilMs }) => now >= fromMs && now < untilMs);
    if (at === undefined || now >= plan.healsAtMs) return usual;
    tell(hands, "slowCommit", `commit ${commits} takes ${at.takeMs} ms`);
    return at.takeMs;
  }

  /** The process dies somewhere in the time that the commit takes. */
  function die(death: DeathInCommit, afterMs: number): void {
    const { phase, downMs } = death;
    const share = { before: 0, within: 0.5, after: 0.999 }[phase];
    const number = commits;
    hands.afterInGateway(afterMs * share, () => {
      isKept = phase === "after" || (phase === "within" && luck(number));
      const kept = isKept ? "is" : "is not";
      tell(hands, KILLED[phase], `the gateway, in commit ${number}, which ${kept} on its disk`);
      hands.killGateway(downMs);
    });
  }

  function strikesNow(failure: Failure): boolean {
    const { when } = failure;
    if ("commit" in when) return when.commit === commits;
    const now = hands.nowMs();
    return now >= when.fromMs && now < when.untilMs && !doubted.has(failure);
  }

  const luck = (number: number) => streamOf(plan.seed, `kept of commit ${number}`).chance(0.5);

  const gatewayDisk = {
    commit(): Commit {
      commits += 1;
      const afterMs = takeMs();
      isKept = luck(commits);
      if (hands.nowMs() >= plan.healsAtMs) return { kind: "done", afterMs };
      const death = deaths.get(commits);
      if (death !== undefined) die(death, afterMs);
      const failure = failures.find(strikesNow);
      if (failure === undefined) return { kind: "done", afterMs };
      tell(hands, FAILED[failure.how], `commit ${commits} fails`);
      if (failure.how === "full") return { kind: "full", afterMs };
      doubted.add(failure);
      downAfterDoubtMs = failure.downMs;
      return { kind: "doubt", afterMs, isKept: failure.how === "doubtKept" };
    },
    isKeptAtDeath: () => isKept,
  };
  return { gatewayDisk, downAfterDoubtMs: () => downAfterDoubtMs };
}
