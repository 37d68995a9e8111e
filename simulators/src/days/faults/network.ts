// What a plan does to the wire: for each connection and each message, by streams that other terminals do not share.

import type { Hands } from "../hands.js";
import type { Fault, Plan } from "../plan.js";
import { type Stream, streamOf } from "../world/random.js";
import type { Carried, Dialled, Direction, Weather } from "../world/weather.js";
import { faultsOf, terminalName } from "./of-type.js";
import { tell } from "./told.js";

type NetworkFault = Extract<Fault, { type: "network" }>;

/** One way of a message where nothing is wrong. */
const WAY_MS = { min: 2, max: 25 };
const SLOW_MS = { min: 300, max: 9_000 };
/** So much later the same message arrives once more: at once, or when its sale is long over. */
const AGAIN_MS = { min: 1, max: 20_000 };

/** What loses and what cuts a message of each direction. */
const WAYS = {
  up: { loses: "loseUp", cuts: "cutUp" },
  down: { loses: "loseDown", cuts: "cutDown" },
} as const;

/** Turns the network faults of a plan into weather. */
export function networkOf(plan: Plan, hands: Hands): Weather {
  const faults = faultsOf(plan.faults, "network");
  const counts = new Map<string, number>();

  function next(terminal: string, what: string): number {
    const key = `${terminal} ${what}`;
    const number = (counts.get(key) ?? 0) + 1;
    counts.set(key, number);
    return number;
  }

  /** Those that strike this connection or message, each with a stream of its own. */
  function striking(terminal: string, name: string): ReadonlyMap<NetworkFault["what"], Stream> {
    const found = new Map<NetworkFault["what"], Stream>();
    const now = hands.nowMs();
    if (now >= plan.healsAtMs) return found;
    for (const fault of faults) {
      const { fromMs, untilMs, terminal: place, what, probability } = fault;
      if (now < fromMs || now >= untilMs || found.has(what)) continue;
      if (place !== null && terminalName(place) !== terminal) continue;
      const stream = streamOf(plan.seed, `${what} ${terminal} ${name}`);
      if (stream.chance(probability)) found.set(what, stream);
    }
    return found;
  }

  function dial(terminal: string): Dialled {
    const name = `connection ${next(terminal, "dial")}`;
    const strikes = striking(terminal, name);
    const afterMs = wayMs(streamOf(plan.seed, `${terminal} ${name}`));
    if (strikes.has("partition")) {
      tell(hands, "partition", `${terminal} ${name}: nothing comes back`);
      return { kind: "lost" };
    }
    if (strikes.has("refuse")) {
      tell(hands, "refuse", `${terminal} ${name}: refused`);
      return { kind: "refused", afterMs };
    }
    return { kind: "stands", afterMs };
  }

  function carry(message: {
    readonly terminal: string;
    readonly direction: Direction;
    readonly bytes: number;
  }): Carried {
    const { terminal, direction, bytes } = message;
    const name = `${direction} ${next(terminal, direction)}`;
    const strikes = striking(terminal, name);
    const delayMs = wayMs(streamOf(plan.seed, `${terminal} ${name}`));
    const { loses, cuts } = WAYS[direction];
    const losing = (["partition", loses] as const).find((what) => strikes.has(what));
    if (losing !== undefined) {
      tell(hands, losing, `${terminal} ${name}: lost`);
      return { delayMs, isLost: true };
    }
    const cut = strikes.get(cuts);
    if (cut !== undefined) {
      const cutAfterBytes = cut.integer(0, Math.max(0, bytes - 1));
      tell(hands, cuts, `${terminal} ${name}: cut after ${cutAfterBytes} of ${bytes} bytes`);
      return { delayMs, cutAfterBytes };
    }
    const slowMs = strikes.get("slow")?.integer(SLOW_MS.min, SLOW_MS.max);
    if (slowMs !== undefined) {
      tell(hands, "slow", `${terminal} ${name}: arrives after ${slowMs} ms`);
    }
    const again = direction === "up" ? strikes.get("duplicate") : undefined;
    if (again === undefined) return { delayMs: slowMs ?? delayMs };
    const againAfterMs = again.integer(AGAIN_MS.min, AGAIN_MS.max);
    tell(hands, "duplicate", `${terminal} ${name}: arrives once more ${againAfterMs} ms later`);
    return { delayMs: slowMs ?? delayMs, againAfterMs };
  }

  return { dial, carry };
}

const wayMs = (stream: Stream) => stream.integer(WAY_MS.min, WAY_MS.max);
