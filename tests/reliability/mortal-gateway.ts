// A gateway process that is killed without warning once so many answers were seen, and started again on its folder.

import { type GatewayProcessOptions, startGatewayProcess } from "./gateway-process.js";
import type { ServingProcess } from "./serving-process.js";

/** One life of the process, from its start to its kill. */
export interface Life {
  readonly number: number;
  readonly process: ServingProcess;
}

export interface MortalGateway {
  /** The life that serves; while the process starts again, the one that will. */
  current(): Promise<Life>;
  /** Whether this life was ended by us: only then may a request to it fail. */
  wasKilled(life: Life): boolean;
  /**
   * The first bytes of an answer have come. Kills the process where it is due at this answer, and says so: the
   * terminal then takes the answer as cut off, so that every kill leaves a sale that is stored and was not seen.
   */
  countAnswer(): { readonly cutOff: boolean };
  /** Kills the last life too. Resolves when its folder is free. */
  end(): Promise<void>;
}

/**
 * Starts the first life.
 *
 * @param killAt after how many answers in all each kill comes, ascending.
 */
export function mortalGateway(
  options: GatewayProcessOptions & { readonly killAt: readonly number[] },
): MortalGateway {
  const due = [...options.killAt];
  let answers = 0;
  let lives = 0;
  let killed = 0;
  let current = start();

  async function start(): Promise<Life> {
    lives += 1;
    return { number: lives, process: await startGatewayProcess(options) };
  }

  async function killAndStartAgain({ process }: Life): Promise<Life> {
    process.kill();
    await process.ended;
    return start();
  }

  let serving: Life | null = null;
  async function follow(): Promise<Life> {
    serving = await current;
    return serving;
  }

  return {
    current: follow,
    wasKilled: (life) => life.number <= killed,
    countAnswer() {
      answers += 1;
      const next = due[0];
      if (next === undefined || answers < next || serving === null) return { cutOff: false };
      due.shift();
      killed = serving.number;
      current = killAndStartAgain(serving);
      serving = null;
      return { cutOff: true };
    },
    async end() {
      const { process } = await current;
      process.kill();
      await process.ended;
    },
  };
}
