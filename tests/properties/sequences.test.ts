// Any sequence of sales, reversals, repeats and events, under any programme: the ledger adds up and nothing is done twice.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Answer, Command } from "../../gateway/src/core/ports.js";
import type { Programme } from "../../gateway/src/core/programme.js";
import { memoryDriver } from "../../gateway/src/store/memory/driver.js";
import { describeOtherDrivers } from "../support/drivers.js";
import { type Move, randomHistory, randomMoves } from "./support/moves.js";
import { openPlay, type Play } from "./support/play.js";
import { atNow, type PlayCommand } from "./support/player.js";
import { randomProgramme } from "./support/random-programme.js";
import { PROPERTY_TIMEOUT_MS, runsOf } from "./support/runs.js";
import {
  checkBalances,
  checkOnlyMore,
  checkProofs,
  type Held,
  type State,
  stateOf,
} from "./support/state.js";

const seed = fc.nat();

/** An answer without what only a clock knows, and what only the first time tells. */
function bare(answer: Answer): object {
  if (answer.type === "decision") {
    return { ...answer, timings: null, replayed: null, cardKey: null };
  }
  return answer.type === "loaded" ? { ...answer, replayed: null } : answer;
}

const KINDS: readonly Answer["type"][] = ["decision", "loaded", "refused", "conflict", "notFound"];

interface Exchange {
  readonly command: PlayCommand;
  readonly answer: Answer;
}

const keyOf = (command: Exclude<PlayCommand, { type: "load" }>) =>
  `${command.terminalId} ${command.type === "reverse" ? command.id : command.request.id}`;

/** Sends a command twice, and holds the second answer to the first. */
async function sendTwice(held: Held, play: Play, command: PlayCommand): Promise<Exchange> {
  const answer = await held.store.execute(command);
  if (!KINDS.includes(answer.type)) throw new Error(answer.type, { cause: answer });
  expect(bare(await held.store.execute(atNow(command, play.shop)))).toEqual(bare(answer));
  return { command, answer };
}

/** Everything that was answered is answered again, unless it was reversed since. */
async function checkAnswersStand(held: Held, play: Play, exchanges: readonly Exchange[]) {
  const reversed = new Set(
    exchanges.flatMap(({ command, answer }) =>
      command.type === "reverse" && answer.type === "decision" && answer.code === "REVERSED"
        ? [keyOf(command)]
        : [],
    ),
  );
  for (const { command, answer } of exchanges) {
    // An event that was refused may be taken later, and an unknown reversal found.
    if (answer.type === "refused" || answer.type === "notFound") continue;
    // Nothing was stored of what came too late: it is refused anew, at another instant.
    if (answer.type === "decision" && answer.code === "REVERSAL_TOO_LATE") continue;
    const again = await held.store.execute(atNow(command, play.shop));
    if (command.type === "load" || command.type === "reverse" || !reversed.has(keyOf(command))) {
      expect(bare(again)).toEqual(bare(answer));
    } else if (command.type === "authorize" && again.type === "decision") {
      expect(again.code).toBe("ALREADY_REVERSED");
    } else {
      expect(again.type).toBe("conflict");
    }
  }
}

/** The same event under another id, at once: everything is as it says already. */
async function checkReload(held: Held, play: Play, { command, answer }: Exchange): Promise<void> {
  if (command.type !== "load" || answer.type !== "loaded" || answer.replayed) return;
  const before = await stateOf(held);
  await held.store.execute(play.command(command.event));
  expect(await stateOf(held)).toEqual(before);
}

const numbers = { debits: 0, returns: 0, applied: 0 };

async function playMoves(programme: Programme, moves: readonly Move[], withSeed: number) {
  const driver = memoryDriver();
  const play = await openPlay(driver, { programme, seed: withSeed });
  const held: Held = { store: play.shop.store, driver, accounts: play.accounts };
  const exchanges: Exchange[] = [];
  for (const move of moves) {
    const command = play.next(move);
    const before = command.type === "load" ? await stateOf(held) : null;
    const exchange = await sendTwice(held, play, command);
    if (before) checkOnlyMore(before, await stateOf(held));
    await checkReload(held, play, exchange);
    play.learn(command, exchange.answer);
    exchanges.push(exchange);
  }
  const state = await stateOf(held);
  checkBalances(state);
  await checkProofs(held);
  await checkAnswersStand(held, play, exchanges);
  expect(await stateOf(held)).toEqual(state);
  numbers.debits += state.entries.filter(({ units }) => units > 0).length;
  numbers.returns += state.entries.filter(({ units }) => units < 0).length;
  numbers.applied += exchanges.filter(({ answer }) => answer.type === "loaded").length;
  await held.store.close();
}

describe("any sequence", { timeout: PROPERTY_TIMEOUT_MS }, () => {
  it("adds up in memory, is proved by verify and replay, and does nothing twice", async () => {
    const options = runsOf("sequences in memory", 40);
    await fc.assert(fc.asyncProperty(randomProgramme, randomMoves, seed, playMoves), options);
    // Sequences in which nothing was ever sold, given back or loaded would prove nothing.
    expect(numbers.debits).toBeGreaterThan(options.numRuns / 2);
    expect(numbers.returns).toBeGreaterThan(options.numRuns / 8);
    expect(numbers.applied).toBeGreaterThan(options.numRuns);
  });
});

describeOtherDrivers(
  (name) => `any sequence in memory and on ${name}`,
  (makeDriver) => {
    it("is answered alike, and both then hold the same", {
      timeout: PROPERTY_TIMEOUT_MS,
    }, async () => {
      await fc.assert(
        fc.asyncProperty(randomProgramme, randomMoves, seed, async (programme, moves, withSeed) => {
          const driver = memoryDriver();
          const play = await openPlay(driver, { programme, seed: withSeed });
          const { accounts } = play;
          const held: Held = { store: play.shop.store, driver, accounts };
          const stored = await makeDriver();
          const other: Held = { store: await play.openOther(stored), driver: stored, accounts };
          try {
            for (const move of moves) {
              const command = play.next(move);
              const answer = await held.store.execute(command);
              expect(bare(await other.store.execute(command))).toEqual(bare(answer));
              play.learn(command, answer);
            }
            const state = await stateOf(other);
            checkBalances(state);
            await checkProofs(other);
            expect(comparable(state)).toEqual(comparable(await stateOf(held)));
          } finally {
            await held.store.close();
            await other.store.close();
          }
        }),
        runsOf("sequences on two stores", 12),
      );
    });
  },
);

/** What two drivers must agree on: all but the order of the keys in what a decision was made from. */
function comparable({ attempts, ...state }: State) {
  const plain = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString("hex");
  return {
    ...state,
    attempts: attempts.map(({ input, fingerprint, effectsDigest, ...rest }) => ({
      ...rest,
      input: JSON.parse(input ?? "null"),
      fingerprint: plain(fingerprint),
      effectsDigest: plain(effectsDigest),
    })),
  };
}

describe("a history of events", { timeout: PROPERTY_TIMEOUT_MS }, () => {
  it("sent again as other events, in its order, leaves everything as it is", async () => {
    await fc.assert(
      fc.asyncProperty(randomProgramme, randomHistory, seed, async (programme, moves, withSeed) => {
        const driver = memoryDriver();
        const play = await openPlay(driver, { programme, seed: withSeed });
        const held: Held = { store: play.shop.store, driver, accounts: play.accounts };
        const loaded: Extract<Command, { type: "load" }>[] = [];
        for (const move of moves) {
          const command = play.next(move);
          const answer = await held.store.execute(command);
          play.learn(command, answer);
          if (command.type === "load" && answer.type === "loaded") loaded.push(command);
        }
        const state = await stateOf(held);
        for (const { event } of loaded) await held.store.execute(play.command(event));
        expect(await stateOf(held)).toEqual(state);
        await held.store.close();
      }),
      runsOf("a history again", 40),
    );
  });
});
