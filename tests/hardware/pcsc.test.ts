// The SDK's contactless reader on the real PC/SC service, with a virtual reader and software cards.

import { hex } from "@pass-tpe/protocol/standards";
import {
  createVirtualCard,
  type PcscService,
  startPcscd,
  type VirtualCard,
  type VirtualCardOptions,
  type VpcdReader,
  vpcdReader,
} from "@pass-tpe/simulators";
import { type PcscReaderOptions, pcscReader } from "@pass-tpe/terminal-sdk";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { describeSystem } from "../support/suites.js";
import { pcscBench } from "./pcsc-bench.js";
import { describePcscHeals } from "./pcsc-heal.js";
import { describeSaleByTap } from "./pcsc-sale.js";
import { describeReaderContract } from "./reader-contract.js";
import { openRecorded, type RecordedReader } from "./reader-events.js";
import { openCardMessage, passCard, UID_A, UID_B } from "./test-cards.js";

describeSystem("pcsc")("the contactless reader on the PC/SC service", () => {
  let service: PcscService;
  beforeAll(async () => {
    service = await startPcscd();
  });
  afterAll(() => service.stop());

  describe("keeps the contract of a reader", () => {
    describeReaderContract(() => pcscBench(service), { cardsLie: true });
  });

  describe("sells by tap, end to end", () => describeSaleByTap(() => service));

  describe("reads cards", () => {
    let vpcd: VpcdReader;
    let recorded: RecordedReader;
    const open = async (options: PcscReaderOptions = {}) => {
      recorded = await openRecorded(pcscReader(options));
    };
    const tap = async (card: VirtualCard) => {
      await vpcd.insert(card);
      const event = await recorded.next("presented");
      if (event.presented.kind !== "nfcMessage") throw new Error(event.presented.kind);
      return openCardMessage(event.presented.message);
    };
    beforeEach(() => {
      vpcd = vpcdReader(service);
    });
    afterEach(async () => {
      await vpcd.remove();
      await recorded.reader.close();
    });

    it("gives the genuine message of a tap, and a newer one at the next tap", async () => {
      await open();
      const card = passCard(UID_A, { counter: 41 });
      recorded.reader.arm();
      expect(await tap(card)).toEqual({ uid: hex(UID_A), counter: 42 });
      await vpcd.remove();
      recorded.reader.arm();
      expect(await tap(card)).toEqual({ uid: hex(UID_A), counter: 43 });
    });

    it("reads a lying card anew where its first read was for a sale that was over", async () => {
      await open();
      recorded.reader.arm();
      const card = passCard(UID_A);
      await vpcd.insert(card);
      recorded.reader.disarm();
      recorded.reader.arm();
      await recorded.next("presented");
      expect(recorded.presented()).toHaveLength(1);
    });

    it.each([
      { step: "select application", removeAfterApdus: 0 },
      { step: "select file", removeAfterApdus: 1 },
      { step: "read file", removeAfterApdus: 2 },
    ])("refuses a card taken away at $step, then reads the next", async (removal) => {
      await open();
      recorded.reader.arm();
      await vpcd.insert(passCard(UID_A, removal));
      const refused = await recorded.next("refused");
      expect(refused.code).toBe("CARD_UNREADABLE");
      expect(refused.detail).toContain(removal.step);
      expect(await tap(passCard(UID_B))).toMatchObject({ uid: hex(UID_B) });
    });

    it.each<VirtualCardOptions>([
      { profile: "wrongApplication" },
      { profile: "phone" },
      { profile: "phone", uri: "https://example.org/t?e=00" },
      { profile: "identifier", uid: UID_A },
    ])("refuses a $profile as no Pass'Région", async (foreign) => {
      await open();
      recorded.reader.arm();
      await vpcd.insert(createVirtualCard(foreign));
      expect((await recorded.next("refused")).code).toBe("NOT_A_PASS_CARD");
    });

    it("reads a static identifier only where the till allows it", async () => {
      await open({ identifierCards: true });
      recorded.reader.arm();
      await vpcd.insert(createVirtualCard({ profile: "identifier", uid: UID_A }));
      const { presented } = await recorded.next("presented");
      expect(presented).toEqual({ kind: "nfcIdentifier", identifier: "04A1B2C3D4E5F1" });
    });

    it("gives up a card that falls silent, and reads the next once it is gone", async () => {
      await open({ deadlineMs: 300 });
      recorded.reader.arm();
      const silent = createVirtualCard({ profile: "silent", silentAfterApdus: 1 });
      await vpcd.insert(silent);
      const refused = await recorded.next("refused");
      expect(refused.code).toBe("CARD_UNREADABLE");
      expect(refused.detail).toContain("300 ms");
      expect(await tap(passCard(UID_B))).toMatchObject({ uid: hex(UID_B) });
    });

    it("can be closed while a card is silent", async () => {
      await open({ deadlineMs: 300 });
      recorded.reader.arm();
      await vpcd.insert(createVirtualCard({ profile: "silent" }));
      await recorded.next("refused");
      await expect(recorded.reader.close()).resolves.toBeUndefined();
    });

    it("is absent where no reader has an accepted name", async () => {
      await open({ accept: () => false });
      expect(recorded.events).toMatchObject([{ type: "state", state: { status: "absent" } }]);
    });
  });

  // Last, because it stops the service under the other tests' feet.
  it("waits for a PC/SC service that does not run, and finds it again", async (context) => {
    if (!service.isOwn) context.skip("this machine's own pcscd runs, which a test must not stop");
    await service.stop();
    const recorded = await openRecorded(pcscReader());
    expect(recorded.events).toMatchObject([{ state: { status: "absent" } }]);
    for (let round = 0; round < 2; round += 1) {
      service = await startPcscd();
      await recorded.untilStatus("ready");
      await service.stop();
      await recorded.untilStatus("absent");
    }
    service = await startPcscd();
    await recorded.untilStatus("ready");
    await recorded.reader.close();
    await service.stop();
  });

  describe("heals under a till", () => describePcscHeals(() => service.stop()));
});
