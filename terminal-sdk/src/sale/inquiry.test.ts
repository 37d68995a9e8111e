import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Journal } from "../client/journal.js";
import { HASTY, TerminalBench } from "../test-kit/bench.js";
import { answer, cut, decision } from "../test-kit/fake-gateway.js";
import { TAP } from "../test-kit/fake-reader.js";
import { MemoryDisk } from "../test-kit/memory-disk.js";

const bench = new TerminalBench();
beforeEach(() => bench.start());
afterEach(() => bench.stop());

describe("inquire", () => {
  const inquiryAnswer = (received: { body: Record<string, unknown> }) => {
    const given = { outcome: "approved", iso39: "00", retry: "NONE", proofRef: "B".repeat(22) };
    const view = { avantage: "SPECTACLE", label: "Spectacle", unit: "EUR_CENT", state: "open" };
    const body = decision(String(received.body["id"]), "INQUIRY_ANSWERED", given);
    return { ...body, avantages: [view] };
  };

  it("tells what the card can use here, moves nothing and journals nothing", async () => {
    bench.gateway.sales = [
      (received, response) => answer(inquiryAnswer(received))(received, response),
    ];
    const disk = new MemoryDisk();
    const made = await bench.open({ journal: await Journal.open({ path: "journal", disk }) });
    const inquiry = made.terminal.inquire();
    (await made.reader.whenArmed()).present(TAP);
    expect(await inquiry).toMatchObject({
      outcome: "approved",
      moneyMoved: "no",
      avantages: [{ avantage: "SPECTACLE" }],
      proofRef: "B".repeat(22),
    });
    expect(disk.durable("journal")).toBe("");
  });

  it("without an answer moved nothing and reverses nothing", async () => {
    bench.gateway.sales = [cut];
    const made = await bench.open({ deadlines: HASTY });
    const inquiry = made.terminal.inquire();
    (await made.reader.whenArmed()).present(TAP);
    expect(await inquiry).toMatchObject({ outcome: "declined", code: "UNREACHABLE" });
    expect(made.events.map(({ type }) => type)).not.toContain("reversalOwed");
  });
});
