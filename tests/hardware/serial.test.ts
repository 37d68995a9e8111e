// The SDK's scanner reader on a real pseudo-terminal, through the real serialport.

import type { ScanOptions, SerialScanner } from "@pass-tpe/simulators";
import { ReaderSetupError, serialQrReader } from "@pass-tpe/terminal-sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { demoQrToken, QR_DEMO_CARDS } from "../../fixtures/qr/make.js";
import { describeSystem } from "../support/suites.js";
import { describeReaderContract } from "./reader-contract.js";
import type { RecordedReader } from "./reader-events.js";
import { openSerialBench, serialBench } from "./serial-bench.js";

const TOKEN = demoQrToken(QR_DEMO_CARDS["card-1"] ?? "");

describeSystem("serial")("the scanner reader on a serial line", () => {
  describe("keeps the contract of a reader", () => {
    describeReaderContract(serialBench, { cardsLie: false });
  });

  describe("reads codes", () => {
    let scanner: SerialScanner;
    let recorded: RecordedReader;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ scanner, recorded, close } = await openSerialBench());
      await recorded.next("state");
      recorded.reader.arm();
    });
    afterEach(() => close());
    const scanned = async () => (await recorded.next("presented")).presented;

    it.each<{ what: string; how: ScanOptions }>([
      { what: "a whole line", how: {} },
      { what: "a line in single bytes", how: { chunks: TOKEN.length + 2 } },
      { what: "a line in pieces with pauses", how: { chunks: 4, delayMs: 5 } },
      { what: "a line that ends with CR alone", how: { suffix: "\r" } },
      { what: "a line with the AIM prefix of a QR code", how: { prefix: "]Q1" } },
    ])("gives the token of $what", async ({ how }) => {
      await scanner.scan(TOKEN, how);
      expect(await scanned()).toEqual({ kind: "qr", text: TOKEN });
    });

    it.each<{ what: string; how: ScanOptions }>([
      { what: "another symbology", how: { prefix: "]C0" } },
      { what: "noise", how: { garble: (bytes) => Buffer.from(bytes.map((byte) => byte | 0x80)) } },
      { what: "an endless line", how: { prefix: "X".repeat(1_000) } },
    ])("refuses $what and reads the next", async ({ how }) => {
      await scanner.scan(TOKEN, { ...how, suffix: "\r\n" });
      if (how.garble) await scanner.scan("", { suffix: "\r\n" });
      expect((await recorded.next("refused")).code).toBe("QR_INVALID");
      await scanner.scan(TOKEN);
      expect(await scanned()).toEqual({ kind: "qr", text: TOKEN });
    });

    it("says that the scanner is gone, and finds it when it is back", async () => {
      await scanner.unplug();
      await recorded.untilStatus("absent");
      await scanner.plug();
      await recorded.untilStatus("ready");
      await scanner.scan(TOKEN);
      expect(await scanned()).toEqual({ kind: "qr", text: TOKEN });
    });
  });

  it("takes a silence for the end of a line, and keeps half a line apart from the next", async () => {
    const { scanner, recorded, close } = await openSerialBench({ idleTimeoutMs: 50 });
    for (const text of [TOKEN, TOKEN.slice(0, 40), TOKEN]) {
      recorded.reader.arm();
      await scanner.scan(text, { suffix: "" });
      expect((await recorded.next("presented")).presented).toEqual({ kind: "qr", text });
    }
    await close();
  });

  it("opens as absent where the scanner is not plugged in", async () => {
    const { scanner, recorded, close } = await openSerialBench();
    await recorded.reader.close();
    await scanner.unplug();
    const reader = serialQrReader({ path: scanner.path });
    const events: unknown[] = [];
    await reader.open((event) => events.push(event));
    await reader.close();
    await close();
    expect(events).toMatchObject([{ type: "state", state: { status: "absent" } }]);
    expect(JSON.stringify(events)).toContain("plug the scanner in");
  });

  it.each([{ path: "/dev/null", baudRate: 0 }, { path: "" }])(
    "refuses options that no waiting can mend: %j",
    async (options) => {
      const opening = serialQrReader(options).open(() => undefined);
      await expect(opening).rejects.toBeInstanceOf(ReaderSetupError);
    },
  );
});
