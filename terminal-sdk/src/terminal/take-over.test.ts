// Terminals that give their journal up to another one, on a real disk.

import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { Journal } from "../client/journal.js";
import { nodeDisk, type TerminalDisk } from "../disk.js";
import { deferred, SALE, TerminalBench } from "../test-kit/bench.js";
import { approve, cut, hold } from "../test-kit/fake-gateway.js";
import { TAP } from "../test-kit/fake-reader.js";
import { temporaryFolder } from "../test-kit/fixtures.js";
import { openTerminal } from "../test-kit/open-terminal.js";

const bench = new TerminalBench();
let journal: string;
beforeEach(async () => {
  await bench.start();
  journal = join(temporaryFolder(), "journal");
});
afterEach(() => bench.stop());

describe("a terminal that another till asks for", () => {
  it("is named to who does not ask, with what to do", async () => {
    await bench.open({ journal, till: "Caisse 1" });
    await expect(bench.open({ journal })).rejects.toMatchObject({
      code: "JOURNAL_IN_USE",
      message: expect.stringMatching(/held by Caisse 1 .*takeOver: true/),
      heldBy: { till: "Caisse 1", pid: process.pid, expiresAtMs: expect.any(Number) },
    });
  });

  it("waits for what it has sent, keeps the approval, and closes", async () => {
    const { promise, resolve: arrived } = deferred<() => void>();
    bench.gateway.sales = [(received, response) => arrived(() => approve(received, response))];
    const first = await bench.open({ journal });
    const sale = first.terminal.sell(SALE);
    (await first.reader.whenArmed()).present(TAP);
    const letThrough = await promise;
    const opening = bench.open({ journal, till: "Caisse 2", takeOver: true });
    first.terminal.on("status", ({ status }) => {
      if (status === "closing") letThrough();
    });
    expect(await sale).toMatchObject({ outcome: "approved" });
    const second = await opening;
    expect(await first.seen("takenOver")).toMatchObject({ by: "Caisse 2", reason: "asked" });
    await expect(first.terminal.sell(SALE)).rejects.toMatchObject({ code: "CLOSED" });
    await second.terminal.close();
    expect(second.events.map(({ type }) => type)).not.toContain("recovered");
    expect(bench.gateway.sentTo("/reversal")).toEqual([]);
  });
});

/** Another till has the lock from now on. */
function takeFrom(path: string): void {
  const other = { ...JSON.parse(readFileSync(`${path}.lock`, "utf8").split("\n")[0] ?? "") };
  const nonce = "00000000-0000-4000-8000-000000000000";
  writeFileSync(`${path}.lock`, `${JSON.stringify({ ...other, nonce, till: "Caisse 2" })}\n`);
}

describe("a terminal whose lock is no longer its own", () => {
  it("sends nothing, says so, and closes", async () => {
    const made = await bench.open({ journal });
    takeFrom(journal);
    await expect(bench.sellByTap(made)).rejects.toMatchObject({
      code: "JOURNAL_IN_USE",
      moneyMoved: "no",
      message: expect.stringContaining("Caisse 2"),
    });
    expect(await made.seen("takenOver")).toMatchObject({ by: "Caisse 2", reason: "lapsed" });
    await made.terminal.close();
    expect(bench.gateway.sentTo("/v1/authorizations")).toEqual([]);
    expect(readFileSync(`${journal}.lock`, "utf8")).toContain("Caisse 2");
  });

  it("sends no reversal that its cashier asks for: the other till may have told that the sale stands", async () => {
    const made = await bench.open({ journal });
    const { id = "" } = await bench.sellByTap(made);
    takeFrom(journal);
    await expect(made.terminal.reverse(id)).rejects.toMatchObject({
      code: "JOURNAL_IN_USE",
      moneyMoved: "unknown",
      id,
    });
    expect(bench.gateway.sentTo("/reversal")).toEqual([]);
  });

  it.each(["a sale that its journal does not know", "one that it has reversed already"])(
    "sends no reversal of %s either",
    async (which) => {
      const made = await bench.open({ journal });
      const { id = "" } = await bench.sellByTap(made);
      if (which.startsWith("one")) await made.terminal.reverse(id);
      const sent = bench.gateway.sentTo("/reversal").length;
      takeFrom(journal);
      const known = which.startsWith("one") ? id : "0190163d-8694-739b-aea5-966c26f8ad91";
      await expect(made.terminal.reverse(known)).rejects.toMatchObject({ code: "JOURNAL_IN_USE" });
      expect(bench.gateway.sentTo("/reversal")).toHaveLength(sent);
    },
  );

  it("sends no capture that it had begun again", async () => {
    bench.gateway.sales = [hold];
    bench.gateway.captures = [
      (received, response) => {
        takeFrom(journal);
        cut(received, response);
      },
    ];
    const made = await bench.open({ journal });
    const { id = "" } = await bench.sellByTap(made);
    expect(await made.terminal.capture(id)).toMatchObject({ outcome: "unknown" });
    expect(bench.gateway.sentTo("/capture")).toHaveLength(1);
  });

  it("sends nothing where somebody removed it", async () => {
    const made = await bench.open({ journal });
    rmSync(`${journal}.lock`);
    await expect(bench.sellByTap(made)).rejects.toMatchObject({ code: "JOURNAL_IN_USE" });
    expect(await made.seen("takenOver")).toMatchObject({ by: null, reason: "lapsed" });
  });

  it("sends nothing where its journal was moved away under it", async () => {
    const made = await bench.open({ journal });
    renameSync(journal, `${journal}.old`);
    await expect(bench.sellByTap(made)).rejects.toMatchObject({
      code: "JOURNAL_FAILED",
      message: expect.stringContaining("moved or replaced"),
    });
    expect(bench.gateway.sentTo("/v1/authorizations")).toEqual([]);
  });
});

describe("a terminal that is asked for, and whose disk does not let go of the journal", () => {
  it("closes all the same, and says so; nobody's process ends by it", async () => {
    const disk: TerminalDisk = {
      ...nodeDisk,
      openForAppend: async (path) => {
        const file = await nodeDisk.openForAppend(path);
        const close = async () => {
          await file.close();
          throw new Error("EIO");
        };
        return { ...file, close };
      },
    };
    const made = await openTerminal({
      gateway: bench.gateway,
      journal: await Journal.open({ path: journal, disk }),
    });
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    onTestFinished(() => void process.off("unhandledRejection", unhandled));
    await bench.open({ journal, takeOver: true });
    expect(await made.seen("journalFailed")).toMatchObject({ detail: "EIO" });
    await expect(made.terminal.close()).rejects.toThrow("EIO");
    expect(unhandled).not.toHaveBeenCalled();
  });
});

describe("a capture or refund whose record may be the other till's by now", () => {
  it("says that it may still be made, and which", async () => {
    const made = await bench.open({ journal });
    rmSync(`${journal}.lock`);
    await expect(
      made.terminal.refund({ of: "0190163d-8694-739b-aea5-966c26f8ad91" }),
    ).rejects.toMatchObject({
      code: "JOURNAL_IN_USE",
      moneyMoved: "unknown",
      id: expect.any(String),
    });
  });
});

describe("a journal on its own", () => {
  it("tells who opened it that it is asked for, and is opened once it is closed", async () => {
    const first = await Journal.open({ path: journal, till: "Caisse 1" });
    const asked = new Promise<string>((resolve) => {
      first.onTakeOver({ asked: resolve, lost: () => undefined });
    });
    const opening = Journal.open({ path: journal, till: "Caisse 2", takeOver: true });
    expect(await asked).toBe("Caisse 2");
    await first.close();
    await (await opening).close();
  });
});
