import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Journal } from "../client/journal.js";
import { deferred, HASTY, TerminalBench } from "../test-kit/bench.js";
import { cut, declineAfterSale, problem, reversed, silence } from "../test-kit/fake-gateway.js";
import { MemoryDisk } from "../test-kit/memory-disk.js";
import type { ReversalResult } from "./results.js";

const PATH = "journal";
const ID = "0190163d-8694-739b-aea5-966c26f8ad91";
const bench = new TerminalBench();
beforeEach(() => bench.start());
afterEach(() => bench.stop());

const openOn = async (disk: MemoryDisk) =>
  bench.open({ journal: await Journal.open({ path: PATH, disk }), deadlines: HASTY });

async function sold() {
  const disk = new MemoryDisk();
  const made = await openOn(disk);
  const { id = "" } = await bench.sellByTap(made);
  return { ...made, disk, id };
}

const reasons = () => bench.gateway.sentTo("/reversal").map(({ body }) => body["reason"]);

describe("a cashier's reversal", () => {
  it("without an answer is sent again as a cashier's, and ends where it is too late", async () => {
    const { terminal, id, seen } = await sold();
    bench.gateway.reversals = [cut];
    expect(await terminal.reverse(id)).toMatchObject({ outcome: "unknown" });
    bench.gateway.reversals = [declineAfterSale("REVERSAL_TOO_LATE")];
    expect(await seen("reversalRefused")).toMatchObject({ code: "REVERSAL_TOO_LATE", final: true });
    expect(new Set(reasons())).toEqual(new Set(["manual"]));
  });

  it("is sent as a cashier's by the next run too", async () => {
    const { terminal, disk, id } = await sold();
    bench.gateway.reversals = [cut];
    await terminal.reverse(id);
    await terminal.close();
    bench.gateway.reversals = [reversed];
    await (await openOn(disk)).seen("reversalDone");
    expect(new Set(reasons())).toEqual(new Set(["manual"]));
  });

  it("of a sale that the journal does not know stays a cashier's, and ends where the gateway has none", async () => {
    const { terminal, seen } = await openOn(new MemoryDisk());
    bench.gateway.reversals = [cut];
    await terminal.reverse(ID);
    bench.gateway.reversals = [problem(404, "ORIGINAL_NOT_FOUND")];
    expect(await seen("reversalRefused")).toMatchObject({ final: true });
    expect(new Set(reasons())).toEqual(new Set(["manual"]));
  });

  it("of a sale that must not stand in any case is one that cannot come too late", async () => {
    bench.gateway.sales = [silence];
    bench.gateway.reversals = [problem(503, "MAINTENANCE")];
    const made = await openOn(new MemoryDisk());
    const { id = "" } = await bench.sellByTap(made);
    bench.gateway.reversals = [reversed];
    expect(await made.terminal.reverse(id)).toMatchObject({ outcome: "reversed" });
    expect(new Set(reasons())).toEqual(new Set(["automatic"]));
  });

  it("asked for again while it is still being sent is declined only by a decision", async () => {
    const { terminal, id } = await sold();
    bench.gateway.reversals = [cut];
    await terminal.reverse(id);
    bench.gateway.reversals = [problem(503, "MAINTENANCE")];
    expect(await terminal.reverse(id)).toMatchObject({ outcome: "unknown" });
  });

  it("asked for while a refusal is told is owed anew, also after a crash", async () => {
    const { terminal, id, disk } = await sold();
    bench.gateway.reversals = [cut];
    await terminal.reverse(id);
    const second = deferred<ReversalResult>();
    terminal.on("reversalRefused", ({ final }) => {
      if (!final) return;
      bench.gateway.reversals = [cut];
      void terminal.reverse(id).then(second.resolve);
    });
    bench.gateway.reversals = [declineAfterSale("REVERSAL_TOO_LATE")];
    expect(await second.promise).toMatchObject({ outcome: "unknown" });
    const image = disk.afterPowerCut();
    await terminal.close();
    bench.gateway.reversals = [reversed];
    expect(await (await openOn(image)).seen("reversalDone")).toMatchObject({ id });
  });

  it("of what is reversed already is known to be made, though no answer comes", async () => {
    const { terminal, id } = await sold();
    await terminal.reverse(id);
    bench.gateway.reversals = [cut];
    expect(await terminal.reverse(id)).toMatchObject({
      outcome: "reversed",
      code: "REVERSED",
      avantage: "SPECTACLE",
    });
    expect(terminal.dayTotals().totals).toMatchObject([{ reversals: { count: 1 } }]);
  });

  it("that was refused, where the journal cannot keep that, is not told as declined", async () => {
    const { terminal, disk, id } = await sold();
    bench.gateway.reversals = [declineAfterSale("REVERSAL_TOO_LATE")];
    disk.onSync = () => {
      disk.onSync = () => Promise.reject(new Error("EIO"));
    };
    expect(await terminal.reverse(id)).toMatchObject({ outcome: "unknown" });
  });

  it.each(["", "42"])(
    "of the id %j is the integrator's to mend, and so is its status",
    async (id) => {
      const { terminal } = await bench.open();
      await expect(terminal.reverse(id)).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
      await expect(terminal.status(id)).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
    },
  );
});
