// A start holds the chain to the last heads that were exported, whichever of them is the highest.

import { appendFileSync } from "node:fs";
import { beforeEach, expect, it } from "vitest";
import { seededRandom } from "../../tests/support/random.js";
import { tempFiles } from "../../tests/support/temp-folder.js";
import { auditKeyOf, drawAuditSeed } from "./crypto/audit-key.js";
import { checkHeads } from "./heads-at-start.js";
import { createHeadsFile } from "./sealer-heads-file.js";
import { headMessage } from "./store/chain/link.js";
import { memoryDriver } from "./store/memory/driver.js";

const newFile = tempFiles();
const key = auditKeyOf(drawAuditSeed(seededRandom(7)));
const hashOf = (no: number) => Buffer.alloc(32, no);

let headsPath: string;
beforeEach(() => {
  headsPath = newFile("heads.ndjson");
  appendFileSync(headsPath, "");
});

async function exportHeads(...numbers: readonly number[]): Promise<void> {
  for (const no of numbers) {
    const head = { no, hash: hashOf(no), atMs: 1_000 };
    await createHeadsFile(headsPath, key)({ ...head, signature: key.sign(headMessage(head)) });
  }
}

/** A start on a chain of so many links. */
async function start(links: number) {
  const driver = memoryDriver();
  await driver.begin();
  await driver.chain.append(
    Array.from({ length: links }, (_, at) => ({
      no: at + 1,
      source: "events" as const,
      rowSeq: at + 1,
      hash: hashOf(at + 1),
    })),
  );
  await driver.sync();
  const place = { kind: "postgres", database: { url: "postgres://db.example/pass" } } as const;
  return checkHeads({ driver, headsPath, place, publicKey: key.publicKey });
}

it("finds the highest head that the chain has", async () => {
  expect(await start(3)).toBeNull();
  await exportHeads(1, 3, 2);
  expect(await start(3)).toMatchObject({ no: 3 });
});

it("refuses a chain that ends before a head that is not the last line, and says what to do", async () => {
  await exportHeads(1, 5, 2);
  await expect(start(3)).rejects.toThrow(
    /exported head 5 .*the chain ends at link 3.*Operator: .*pass-tpe gap open/,
  );
});
