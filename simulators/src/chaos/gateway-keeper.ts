// Keeps a gateway running whatever happens to it: starts it again at once, and writes down each start and each end.

import { setTimeout as pause } from "node:timers/promises";
import type { News } from "./fact-file.js";
import {
  type End,
  type GatewayCommand,
  type GatewayLife,
  startGatewayLife,
} from "./gateway-life.js";
import type { Remains } from "./remains.js";

/** `pass-tpe serve` ends so when a commit is in doubt, and finds the truth by id at its next start. */
const EXIT_DOUBT = 70;
/** A start that fails is tried again after this; so many in a row are given up. */
const START_AGAIN_MS = 200;
const FAILED_STARTS_MAX = 50;

export interface GatewayFigures {
  /** Spawn to ready, of each start on a disk with space. */
  readonly readyMs: readonly number[];
  readonly kills: number;
  readonly doubts: number;
  /** Starts that failed while the disk was full. */
  readonly startsOnFullDisk: number;
}

export interface GatewayKeeper {
  /** Resolves once a life is ready. */
  serving(): Promise<GatewayLife>;
  /** Ends a life without warning, if it has not ended. The next one starts at once. */
  kill(life: GatewayLife): void;
  /** Said before the disk becomes full, and after it was freed: what fails meanwhile is no fault. */
  expectFullDisk(isFull: boolean): void;
  /** Ends the last life as an operator does. Resolves when it has ended. */
  stop(): Promise<End>;
  /** Ends the last life without a word, and starts no other. */
  abandon(): void;
  readonly figures: GatewayFigures;
  /** What must not have happened: ends that nobody caused, starts that failed. */
  readonly failures: readonly string[];
}

/** Starts the first life. */
export function keepGateway(options: {
  readonly command: GatewayCommand;
  readonly tell: (news: News) => void;
  readonly remains: Pick<Remains, "child">;
}): GatewayKeeper {
  const { command, tell, remains } = options;
  const readyMs: number[] = [];
  const failures: string[] = [];
  const killed = new Set<GatewayLife>();
  let figures = { kills: 0, doubts: 0, startsOnFullDisk: 0 };
  let complaint = "";
  let mayBeFull = false;
  let isStopping = false;
  let current = startGatewayLife(command, remains);
  let announce: (life: GatewayLife) => void = () => undefined;
  let ready = nextReady();

  function nextReady(): Promise<GatewayLife> {
    return new Promise((resolve) => {
      announce = resolve;
    });
  }

  function noteEnd(life: GatewayLife, { code, complaint }: End): void {
    if (killed.has(life)) {
      tell({ type: "gatewayDied", why: "killed" });
    } else if (code === EXIT_DOUBT) {
      figures = { ...figures, doubts: figures.doubts + 1 };
      tell({ type: "gatewayDied", why: "doubt" });
    } else if (!isStopping) {
      if (!mayBeFull) failures.push(`the gateway ended by itself with ${code}: ${complaint}`);
      tell({ type: "gatewayDied", why: "doubt" });
    }
  }

  /** One life from its start to its end. @returns whether it became ready. */
  async function live(): Promise<boolean> {
    const life = current;
    const beganOnFullDisk = mayBeFull;
    const readyAfterMs = await life.readyAfterMs;
    if (readyAfterMs !== null) {
      if (!beganOnFullDisk) readyMs.push(readyAfterMs);
      tell({ type: "gatewayStarted", readyAfterMs });
      announce(life);
    }
    const end = await life.ended;
    complaint = end.complaint;
    noteEnd(life, end);
    if (readyAfterMs !== null) ready = nextReady();
    else if (beganOnFullDisk) {
      figures = { ...figures, startsOnFullDisk: figures.startsOnFullDisk + 1 };
    }
    return readyAfterMs !== null;
  }

  async function keep(): Promise<void> {
    for (let failed = 0; failed < FAILED_STARTS_MAX; ) {
      const wasReady = await live();
      failed = wasReady ? 0 : failed + 1;
      if (!wasReady && !isStopping) await pause(START_AGAIN_MS);
      if (isStopping) return;
      current = startGatewayLife(command, remains);
    }
    throw new Error(`the gateway did not start ${FAILED_STARTS_MAX} times in a row: ${complaint}`);
  }

  const keeping = keep();
  // Whoever asks for the next life, or stops this, hears of it.
  keeping.catch(() => undefined);
  return {
    serving: () => Promise.race([ready, keeping.then(() => Promise.reject(new Error("stopped")))]),
    kill(life) {
      if (life !== current || killed.has(life)) return;
      killed.add(life);
      figures = { ...figures, kills: figures.kills + 1 };
      life.child.kill("SIGKILL");
    },
    expectFullDisk(isFull) {
      mayBeFull = isFull;
    },
    async stop() {
      isStopping = true;
      current.child.kill("SIGTERM");
      await keeping;
      return current.ended;
    },
    abandon() {
      isStopping = true;
      current.child.kill("SIGKILL");
    },
    get figures() {
      return { ...figures, readyMs };
    },
    failures,
  };
}
