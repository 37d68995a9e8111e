import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { identityOf } from "../credentials.js";
import { TerminalBench } from "../test-kit/bench.js";
import {
  AUTHORITY_PEM,
  GATEWAY_CERTIFICATE_PEM,
  TERMINAL_CERTIFICATE_PEM,
  TERMINAL_KEY_PEM,
} from "../test-kit/certificates.js";
import { MemoryDisk } from "../test-kit/memory-disk.js";
import { Journal } from "./journal.js";
import { formatLine } from "./journal-format.js";
import type { JournalRecord } from "./journal-records.js";

const PATH = "journal";
const T1 = {
  ca: AUTHORITY_PEM,
  certificate: TERMINAL_CERTIFICATE_PEM,
  privateKey: TERMINAL_KEY_PEM,
};
const OWED: JournalRecord = { type: "attempt", id: "a", atMs: 1, avantage: "SPECTACLE" };

const bench = new TerminalBench();
beforeEach(() => bench.start());
afterEach(() => bench.stop());

/** The fake gateway speaks plain HTTP; which credentials a terminal has is all that matters here. */
async function openAs(terminal: string | null, disk: MemoryDisk) {
  const journal = await Journal.open({ path: PATH, disk });
  await journal.bindTo(terminal).catch(async (thrown: unknown) => {
    await journal.close();
    throw thrown;
  });
  return journal;
}

describe("a journal", () => {
  it("begins with the terminal that it belongs to", async () => {
    const disk = new MemoryDisk();
    await (await openAs("CN=T1", disk)).append(OWED);
    const [first = ""] = disk.durable(PATH).split("\n");
    expect(first).toContain('{"type":"terminal","id":"CN=T1"');
  });

  it("is not opened by another terminal, which would send in its own name what this one owes", async () => {
    const disk = new MemoryDisk();
    await (await openAs("CN=T1", disk)).close();
    await expect(openAs("CN=T2", disk)).rejects.toMatchObject({
      code: "JOURNAL_OF_ANOTHER",
      actor: "integrator",
      message: expect.stringContaining("CN=T1"),
    });
    await expect(openAs(null, disk)).rejects.toMatchObject({ code: "JOURNAL_OF_ANOTHER" });
    await (await openAs("CN=T1", disk)).close();
  });

  it("of an earlier version belongs to the first that opens it, and what it owes is kept", async () => {
    const disk = new MemoryDisk();
    disk.put(PATH, formatLine(OWED));
    await (await openAs("CN=T1", disk)).close();
    await expect(openAs("CN=T2", disk)).rejects.toMatchObject({ code: "JOURNAL_OF_ANOTHER" });
    expect((await openAs("CN=T1", disk)).owedReversals()).toEqual(["a"]);
  });

  it("is of nobody without credentials", async () => {
    const disk = new MemoryDisk();
    await (await openAs(null, disk)).close();
    expect(disk.durable(PATH)).toBe("");
  });
});

describe("a terminal", () => {
  it("is known by its certificate's subject, which a renewal keeps", () => {
    expect(identityOf(T1)).toBe("CN=T1");
    expect(identityOf({ ...T1, certificate: GATEWAY_CERTIFICATE_PEM })).not.toBe("CN=T1");
  });

  it("with another's journal does not open, sends nothing and lets go of the journal", async () => {
    const disk = new MemoryDisk();
    const bound = await openAs("CN=T2", disk);
    await bound.append(OWED);
    await bound.close();
    const journal = await Journal.open({ path: PATH, disk });
    await expect(bench.open({ journal })).rejects.toMatchObject({ code: "JOURNAL_OF_ANOTHER" });
    expect(bench.gateway.received).toEqual([]);
    await expect(journal.append(OWED)).rejects.toMatchObject({ code: "CLOSED" });
  });
});
