// A suspension that was lifted has never been: everything stands, and is decided, as without it.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LoadEvent } from "../../gateway/src/core/loading/event.js";
import type { Answer } from "../../gateway/src/core/ports.js";
import type { Programme } from "../../gateway/src/core/programme.js";
import type { EmbeddedStore } from "../../gateway/src/store/engine.js";
import { memoryDriver } from "../../gateway/src/store/memory/driver.js";
import { type Move, presents, randomMoves } from "./support/moves.js";
import { openPlay, type Play } from "./support/play.js";
import { randomProgramme } from "./support/random-programme.js";
import { PROPERTY_TIMEOUT_MS, runsOf } from "./support/runs.js";
import { type Held, type State, stateOf } from "./support/state.js";

const SUSPENSION = "S-inserted";
const SUSPENDED_CARD = 0;

const bare = (answer: Answer) =>
  answer.type === "decision" ? { ...answer, timings: null } : answer;

const inserted = fc.record({
  from: fc.nat({ max: 15 }),
  length: fc.nat({ max: 10 }),
  campaign: fc.nat(),
  avantages: fc.option(fc.array(fc.nat(), { minLength: 1, maxLength: 3 })),
});
type Inserted = typeof inserted extends fc.Arbitrary<infer T> ? T : never;

function decisionOf(
  { campaigns, avantages }: Programme,
  { campaign, avantages: list }: Inserted,
  beneficiary: string,
): LoadEvent {
  const codes = [...avantages.keys()];
  return {
    type: "suspension.decided",
    beneficiary,
    suspension: SUSPENSION,
    campaign: campaigns[campaign % campaigns.length]?.code ?? "",
    avantages:
      list === null ? "ALL" : [...new Set(list.map((at) => codes[at % codes.length] ?? ""))],
    decisionRef: "D-1",
  };
}

/** Without the suspension's own row: that it was decided and lifted is kept. */
function withoutSuspension(state: State) {
  const files = state.files.map((file) => ({
    ...file,
    suspensions: file.suspensions.filter(({ id }) => id !== SUSPENSION),
  }));
  return { ...state, files };
}

const numbers = { approvedAfter: 0 };

/** What suspends the holder of the first card at one move and lifts that at another, as far as the campaign allows. */
function suspender(play: Play, programme: Programme, one: Inserted) {
  const beneficiary = play.accounts[SUSPENDED_CARD] ?? "";
  const decided = play.command(decisionOf(programme, one, beneficiary));
  const lifted = play.command({
    type: "suspension.lifted",
    beneficiary,
    suspension: SUSPENSION,
    decisionRef: "D-2",
  });
  let state: "before" | "suspended" | "lifted" | "refused" = "before";
  return {
    state: () => state,
    async before(store: EmbeddedStore, index: number): Promise<void> {
      if (state === "before" && index >= one.from) {
        const { type } = await store.execute(decided);
        state = type === "loaded" ? "suspended" : "refused";
      }
      if (state === "suspended" && index >= one.from + one.length) await this.lift(store);
    },
    async lift(store: EmbeddedStore): Promise<void> {
      expect(await store.execute(lifted)).toMatchObject({ type: "loaded", outcome: "applied" });
      state = "lifted";
    },
  };
}

async function checkSuspension(
  programme: Programme,
  moves: readonly Move[],
  one: Inserted,
  seed: number,
): Promise<void> {
  const [driver, otherDriver] = [memoryDriver(), memoryDriver()];
  const play = await openPlay(driver, { programme, seed });
  const { accounts, shop } = play;
  const without: Held = { store: shop.store, driver, accounts };
  const withIt: Held = { store: await play.openOther(otherDriver), driver: otherDriver, accounts };
  const suspension = suspender(play, programme, one);
  for (const [index, move] of moves.entries()) {
    await suspension.before(withIt.store, index);
    // Meanwhile the holder buys nothing; whatever else happens to account and ledger does.
    if (suspension.state() === "suspended" && presents(move, SUSPENDED_CARD)) continue;
    const command = play.next(move);
    const answer = await without.store.execute(command);
    expect(bare(await withIt.store.execute(command))).toEqual(bare(answer));
    play.learn(command, answer);
    const approved = answer.type === "decision" && answer.answer.outcome === "approved";
    if (suspension.state() === "lifted" && approved) numbers.approvedAfter += 1;
  }
  if (suspension.state() === "suspended") await suspension.lift(withIt.store);
  expect(withoutSuspension(await stateOf(withIt))).toEqual(
    withoutSuspension(await stateOf(without)),
  );
  await without.store.close();
  await withIt.store.close();
}

describe("a suspension that was lifted", { timeout: PROPERTY_TIMEOUT_MS }, () => {
  it("leaves every balance, every file and every later decision as without it", async () => {
    const options = runsOf("suspend and lift", 40);
    await fc.assert(
      fc.asyncProperty(randomProgramme, randomMoves, inserted, fc.nat(), checkSuspension),
      options,
    );
    // Without a sale after it nothing would have been shown.
    expect(numbers.approvedAfter).toBeGreaterThan(options.numRuns / 8);
  });
});
