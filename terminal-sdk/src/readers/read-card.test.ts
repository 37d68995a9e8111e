// Checks the read of a card against scripted answers: whole, foreign, cut, gone and silent.

import { buildNdefUriFile, CARD_MESSAGE_PREFIX, fromHex } from "@pass-tpe/protocol/standards";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ReadCardOptions, readCard } from "./read-card.js";

const MESSAGE = `${CARD_MESSAGE_PREFIX}${"0".repeat(32)}&m=${"0".repeat(16)}`;
const DONE = "9000";

/** A card that gives these answers, one for each command, and then nothing more. */
function scripted(answers: readonly (string | Buffer)[]) {
  const sent: string[] = [];
  const transmit = async (apdu: Uint8Array) => {
    sent.push(Buffer.from(apdu).toString("hex").toUpperCase());
    const answer = answers[sent.length - 1] ?? "";
    return typeof answer === "string" ? fromHex(answer) : answer;
  };
  return { sent, transmit };
}

const data = (bytes: Uint8Array) => Buffer.concat([bytes, fromHex(DONE)]);
const file = (uri: string) => Buffer.concat([buildNdefUriFile(uri)], 256);

async function read(answers: readonly (string | Buffer)[], options: ReadCardOptions = {}) {
  const card = scripted(answers);
  return { ...card, reading: await readCard(card.transmit, options) };
}

describe("readCard", () => {
  it("reads a Pass'Région with three commands", async () => {
    const { sent, reading } = await read([DONE, DONE, data(file(MESSAGE).subarray(0, 0x80))]);
    expect(reading).toEqual({ ok: true, presented: { kind: "nfcMessage", message: MESSAGE } });
    expect(sent).toEqual(["00A4040C07D276000085010100", "00A4000C02E104", "00B0000080"]);
  });

  it("reads on where the length says that the message is longer", async () => {
    const long = `${MESSAGE}${"x".repeat(100)}`;
    const whole = file(long);
    const { sent, reading } = await read([
      ...[DONE, DONE],
      data(whole.subarray(0, 0x80)),
      data(whole.subarray(0x80, 0x80 + 61)),
    ]);
    expect(reading).toMatchObject({ ok: true, presented: { message: long } });
    expect(sent.at(-1)).toBe("00B000803D");
  });

  it.each([
    { what: "no NDEF application", answers: ["6A82"] },
    { what: "no NDEF file", answers: [DONE, "6A82"] },
    { what: "a file shorter than a Pass'Région's", answers: [DONE, DONE, "6C20"] },
    { what: "another address", answers: [DONE, DONE, data(file("https://example.org/"))] },
    { what: "another record", answers: [DONE, DONE, data(fromHex("0008D101045402656E41"))] },
  ])("refuses a card with $what as no Pass'Région", async ({ answers }) => {
    expect((await read(answers)).reading).toMatchObject({ code: "NOT_A_PASS_CARD" });
  });

  it.each([
    { what: "gone at the first command", answers: [""], step: "select application" },
    { what: "gone at the second", answers: [DONE, ""], step: "select file" },
    { what: "gone at the third", answers: [DONE, DONE, "90"], step: "read file" },
    { what: "failing", answers: [DONE, DONE, "6F00"], step: "read file: status 6F00" },
    { what: "blank", answers: [DONE, DONE, data(Buffer.alloc(0x80))], step: "NDEF nlen" },
    { what: "oversized", answers: [DONE, DONE, data(fromHex("00FFD101"))], step: "length 00ff" },
    { what: "cut", answers: [DONE, DONE, data(fromHex("0055D101")), DONE], step: "NDEF nlen" },
  ])("says of a card that is $what where it could not be read", async ({ answers, step }) => {
    const { reading } = await read(answers);
    expect(reading).toMatchObject({ code: "CARD_UNREADABLE" });
    expect(JSON.stringify(reading)).toContain(step);
  });

  it("takes an error of the reader for a card that was taken away", async () => {
    const reading = await readCard(() => Promise.reject(new Error("SCardTransmit error")));
    expect(reading).toEqual({
      ok: false,
      code: "CARD_UNREADABLE",
      detail: "select application: SCardTransmit error",
    });
  });

  it("never rejects, even where a reader answers with something that is no bytes", async () => {
    const transmit = () => Promise.resolve(undefined as unknown as Uint8Array);
    expect(await readCard(transmit)).toEqual({
      ok: false,
      code: "CARD_UNREADABLE",
      detail: "the reader failed: TypeError",
    });
  });

  it("gives up a silent card at the deadline, and sends it nothing afterwards", async () => {
    let wake: (answer: Uint8Array) => void = () => undefined;
    let commands = 0;
    const transmit = () => {
      commands += 1;
      return new Promise<Uint8Array>((resolve) => {
        wake = resolve;
      });
    };
    const reading = await readCard(transmit, { deadlineMs: 1 });
    wake(fromHex(DONE));
    await new Promise((resolve) => setImmediate(resolve));
    expect(reading).toMatchObject({ code: "CARD_UNREADABLE" });
    expect(commands).toBe(1);
  });

  it("never shows a message in a refusal, whatever stands in the file", async () => {
    const secret = "E=SECRETSECRET";
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 40 }),
        fc.nat({ max: 200 }),
        async (noise, at) => {
          const bytes = Buffer.from(file(`${CARD_MESSAGE_PREFIX}${secret}`).subarray(0, 0x80));
          bytes.set(noise.subarray(0, Math.max(0, bytes.length - at)), Math.min(at, bytes.length));
          const { reading } = await read([DONE, DONE, data(bytes), DONE]);
          expect(reading.ok || !reading.detail.includes("SECRET")).toBe(true);
          expect(reading.ok || !reading.detail.includes("534543524554")).toBe(true);
        },
      ),
    );
  });

  describe("with identifier cards allowed", () => {
    const withIdentifiers = { identifierCards: true };

    it("asks a card without the application for its identifier", async () => {
      const { sent, reading } = await read(["6A82", "04A1B2C3D4E5F19000"], withIdentifiers);
      expect(reading).toMatchObject({ presented: { identifier: "04A1B2C3D4E5F1" } });
      expect(sent.at(-1)).toBe("FFCA000000");
    });

    it.each([
      { what: "a phone's random identifier", answer: "08A1B2C39000", code: "NOT_A_PASS_CARD" },
      { what: "an identifier of five bytes", answer: "04A1B2C3D49000", code: "CARD_UNREADABLE" },
      { what: "no identifier", answer: "6A81", code: "NOT_A_PASS_CARD" },
    ])("refuses $what", async ({ answer, code }) => {
      expect((await read(["6A82", answer], withIdentifiers)).reading).toMatchObject({ code });
    });

    it("never falls back to it for a card that has the application", async () => {
      const { sent, reading } = await read([DONE, DONE, "6F00"], withIdentifiers);
      expect(reading).toMatchObject({ code: "CARD_UNREADABLE" });
      expect(sent).toHaveLength(3);
    });
  });
});
