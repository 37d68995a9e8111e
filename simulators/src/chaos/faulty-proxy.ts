// A TCP proxy that does what networks do: it delays, stalls, cuts in the middle, refuses, and goes dead on one side.

import { connect, createServer, type Socket } from "node:net";
import type { Dice } from "./random.js";

export const NETWORK_FAULTS = [
  "refuse",
  "delay",
  "stall",
  "cutRequest",
  "cutAnswer",
  "loseAnswer",
  "halfOpen",
] as const;
export type NetworkFault = (typeof NETWORK_FAULTS)[number];

/** How often in a hundred a new connection is refused, a request or an answer meets a fault. */
export const REFUSED_PERCENT = 3;
const REQUEST_FAULT_PERCENT = 5;
const ANSWER_FAULT_PERCENT = 3;

/** A stall outlasts the tries of a sale, and at times the sale. */
const DELAY_MS = { min: 20, max: 400 };
const STALL_MS = { min: 800, max: 5_000 };

export interface FaultyProxy {
  readonly port: number;
  /** What it has done so far. */
  readonly faults: Readonly<Record<NetworkFault, number>>;
  /** From now on it only passes on; what hangs is cut. */
  heal(): void;
  close(): Promise<void>;
}

/** One connection through the proxy. */
interface Line {
  readonly till: Socket;
  readonly gateway: Socket;
  /** Nothing passes any more, and neither side is told. */
  isDead: boolean;
}

type Way = "request" | "answer";

/** Starts a proxy on a free port of this machine before another port of it. */
export async function startFaultyProxy(options: {
  readonly to: number;
  readonly dice: Dice;
}): Promise<FaultyProxy> {
  const { to, dice } = options;
  const faults = {
    refuse: 0,
    delay: 0,
    stall: 0,
    cutRequest: 0,
    cutAnswer: 0,
    loseAnswer: 0,
    halfOpen: 0,
  };
  const lines = new Set<Line>();
  let isHealthy = false;

  function faultOf(way: Way): NetworkFault | null {
    const often = way === "request" ? REQUEST_FAULT_PERCENT : ANSWER_FAULT_PERCENT;
    if (isHealthy || !dice.percent(often)) return null;
    const fault =
      way === "request"
        ? dice.oneOf(["delay", "stall", "cutRequest", "loseAnswer", "halfOpen"] as const)
        : dice.oneOf(["delay", "stall", "cutAnswer"] as const);
    faults[fault] += 1;
    return fault;
  }

  const cut = ({ till, gateway }: Line) => {
    till.resetAndDestroy();
    gateway.resetAndDestroy();
  };

  async function pass(line: Line, way: Way, chunk: Buffer): Promise<void> {
    const target = way === "request" ? line.gateway : line.till;
    const fault = faultOf(way);
    switch (fault) {
      case "delay":
        await pause(dice.between(DELAY_MS.min, DELAY_MS.max));
        break;
      case "stall":
        await pause(dice.between(STALL_MS.min, STALL_MS.max));
        break;
      case "cutRequest":
      case "cutAnswer":
        target.write(chunk.subarray(0, dice.between(0, chunk.length - 1)), () => cut(line));
        return;
      case "loseAnswer":
        target.write(chunk);
        line.gateway.removeAllListeners("data");
        line.gateway.once("data", () => cut(line));
        return;
      case "halfOpen":
        target.write(chunk);
        line.isDead = true;
        return;
      case "refuse":
      case null:
        break;
    }
    if (!target.destroyed && !line.isDead) target.write(chunk);
  }

  /** What comes one after the other passes one after the other. */
  function carry(line: Line, way: Way): void {
    const source = way === "request" ? line.till : line.gateway;
    let passed: Promise<void> = Promise.resolve();
    source.on("data", (chunk: Buffer) => {
      if (!line.isDead) passed = passed.then(() => pass(line, way, chunk));
    });
    source.on("error", () => cut(line));
    source.on("close", () => {
      lines.delete(line);
      void passed.then(() => cut(line));
    });
  }

  const server = createServer((till) => {
    till.setNoDelay(true);
    if (!isHealthy && dice.percent(REFUSED_PERCENT)) {
      faults.refuse += 1;
      till.resetAndDestroy();
      return;
    }
    const gateway = connect(to, "127.0.0.1").setNoDelay(true);
    const line: Line = { till, gateway, isDead: false };
    lines.add(line);
    carry(line, "request");
    carry(line, "answer");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");

  return {
    port: address.port,
    faults,
    heal() {
      isHealthy = true;
      for (const line of lines) if (line.isDead) cut(line);
    },
    close() {
      for (const line of lines) cut(line);
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
