// `npm run bench:timing`: whether a refusal tells by its time what it does not tell in words.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { printedSeed, seededRandom } from "../support/random.js";
import { type Case, openCases } from "./cases.js";
import { measurePairs, type PairedFigures } from "./pairs.js";
import { pinCases } from "./pin-cases.js";

/** Set it to measure fewer: `PASS_TPE_PAIRS=10000 npm run bench:timing`. */
const PAIRS = Number(process.env["PASS_TPE_PAIRS"] ?? 100_000);
/** The interval of the median difference must lie within this much of zero. */
const WITHIN_US = 20;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function measure({ name, prepare }: Case): Promise<PairedFigures> {
  const { seed } = printedSeed(name, PAIRS);
  const bytes = seededRandom(seed);
  const random = () => Buffer.from(bytes.bytes(4)).readUInt32BE() / 2 ** 32;
  const progress = (done: number) => say(`  ${done} of ${PAIRS} pairs`);
  const figures = await measurePairs({ pairs: PAIRS, prepare, random, progress });
  const { medianUs, lowUs, highUs, firstUs } = figures;
  const us = (value: number) => value.toFixed(2);
  say(
    `${name}: median difference ${us(medianUs)} us, 95 % [${us(lowUs)}, ${us(highUs)}], of ${us(firstUs)} us`,
  );
  return figures;
}

function expectAlike({ lowUs, highUs }: PairedFigures): void {
  expect(lowUs).toBeGreaterThan(-WITHIN_US);
  expect(highUs).toBeLessThan(WITHIN_US);
}

describe("a refusal takes the same time", () => {
  it("for cards that are there and cards that are not", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pass-tpe-timing-"));
    const driver = sqliteDriver(join(folder, "gateway.db"));
    try {
      for (const one of await openCases(driver)) expectAlike(await measure(one));
    } finally {
      await driver.close();
      rmSync(folder, { recursive: true });
    }
  });

  it("while a code secret is checked", async () => {
    for (const one of pinCases()) expectAlike(await measure(one));
  });
});
