// What is done to gateway and tills while they sell: kills, pauses past every deadline, and a disk that is full.

import type { GatewayKeeper } from "./gateway-keeper.js";
import type { Dice } from "./random.js";
import type { SmallDisk } from "./small-disk.js";
import type { TillKeeper } from "./till-keeper.js";

/** How long a gateway that is ready serves before the next thing is done to it. */
const SERVES_MS = { min: 50, max: 800 };
/** What it is: otherwise a kill. */
const PAUSE_PERCENT = 6;
const FULL_DISK_PERCENT = 8;
/** Shorter than a try, longer than one, longer than a sale. */
const PAUSES_MS = [300, 1_500, 5_500] as const;
const FULL_DISK_MS = { min: 300, max: 2_500 };

const TILL_LIVES_MS = { min: 1_500, max: 6_000 };
const TILL_KILL_PERCENT = 60;

export interface AssaultFigures {
  readonly gatewayPauses: number;
  readonly tillPauses: number;
  readonly fullDisks: number;
}

export interface Assault {
  /** Resolves when the last thing was done and undone again. */
  readonly over: Promise<void>;
  readonly figures: AssaultFigures;
}

/** Goes on until `isEnough`, or until the signal, which is also heard in the middle of a wait. */
export function assault(options: {
  readonly gateway: GatewayKeeper;
  readonly tills: readonly TillKeeper[];
  readonly disk: SmallDisk | null;
  readonly dice: Dice;
  readonly signal: AbortSignal;
  readonly isEnough: () => boolean;
}): Assault {
  const { gateway, tills, disk, dice, signal, isEnough } = options;
  let figures: AssaultFigures = { gatewayPauses: 0, tillPauses: 0, fullDisks: 0 };
  const isOver = () => signal.aborted || isEnough();
  const between = ({ min, max }: { min: number; max: number }) =>
    waitFor(dice.between(min, max), signal);

  async function onGateway(): Promise<void> {
    while (!isOver()) {
      const life = await gateway.serving();
      await between(SERVES_MS);
      if (isOver()) return;
      const kind = dice.between(1, 100);
      if (kind <= PAUSE_PERCENT) {
        figures = { ...figures, gatewayPauses: figures.gatewayPauses + 1 };
        life.child.kill("SIGSTOP");
        await waitFor(dice.oneOf(PAUSES_MS), signal);
        life.child.kill("SIGCONT");
      } else if (kind <= PAUSE_PERCENT + FULL_DISK_PERCENT && disk !== null) {
        await fillUp(disk);
      } else {
        gateway.kill(life);
        await life.ended;
      }
    }
  }

  async function fillUp(disk: SmallDisk): Promise<void> {
    figures = { ...figures, fullDisks: figures.fullDisks + 1 };
    gateway.expectFullDisk(true);
    disk.fill();
    await between(FULL_DISK_MS);
    disk.free();
    // A life that began or failed on the full disk still belongs to it.
    await gateway.serving();
    gateway.expectFullDisk(false);
  }

  async function onTills(): Promise<void> {
    while (!isOver()) {
      await between(TILL_LIVES_MS);
      if (isOver()) return;
      const till = dice.oneOf(tills);
      if (dice.percent(TILL_KILL_PERCENT)) {
        till.kill();
        continue;
      }
      figures = { ...figures, tillPauses: figures.tillPauses + 1 };
      till.pause();
      await waitFor(dice.oneOf(PAUSES_MS), signal);
      till.resume();
    }
  }

  return {
    over: Promise.all([onGateway(), onTills()]).then(() => undefined),
    get figures() {
      return figures;
    },
  };
}

/** Waits, or until the signal. */
function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal.addEventListener("abort", finish, { once: true });
    if (signal.aborted) finish();
  });
}
