// The pictures of the demo cards are read by the SDK's picture reader, and are still what their script draws.

import { readFileSync, writeFileSync } from "node:fs";
import { parseQrToken, verifyQrToken } from "@pass-tpe/protocol/standards";
import { imageQrReader } from "@pass-tpe/terminal-sdk";
import { describe, expect, it } from "vitest";
import {
  demoQrToken,
  drawQrFixtures,
  fromPng,
  QR_DEMO_CARDS,
  QR_SIGHTS,
  testIssuerKey,
  toPng,
} from "../../fixtures/qr/make.js";
import { openRecorded } from "./reader-events.js";

const folder = new URL("../../fixtures/qr/", import.meta.url);
const drawn = drawQrFixtures();

/** Set to draw the pictures anew: `PASS_TPE_DRAW_FIXTURES=1 npx vitest run tests/hardware/image.test.ts`. */
if (process.env["PASS_TPE_DRAW_FIXTURES"] === "1") {
  for (const [name, picture] of drawn) writeFileSync(new URL(name, folder), toPng(picture));
}

const picture = (name: string) => fromPng(readFileSync(new URL(name, folder)));

const cases = Object.entries(QR_DEMO_CARDS).flatMap(([card, cardNumber]) =>
  Object.keys(QR_SIGHTS).map((sight) => ({ name: `${card}-${sight}.png`, cardNumber })),
);

describe("the pictures of the demo cards", () => {
  it.each(cases)("$name is read and carries the card's signed token", async (expected) => {
    const recorded = await openRecorded(imageQrReader({ frames: [picture(expected.name)] }));
    recorded.reader.arm();
    const { presented } = await recorded.next("presented");
    await recorded.reader.close();
    expect(presented).toEqual({ kind: "qr", text: demoQrToken(expected.cardNumber) });
  });

  it.each(Object.values(QR_DEMO_CARDS))("the token of %s verifies with the test key", (number) => {
    const parsed = parseQrToken(demoQrToken(number));
    if (!parsed.ok) throw new Error(parsed.reason);
    expect(verifyQrToken({ token: parsed.token, publicKey: testIssuerKey().publicKey })).toBe(true);
  });

  // Pixels, not bytes: how a PNG is compressed differs between versions of zlib.
  it.each([...drawn])("%s is what the script draws", (name, now) => {
    const kept = picture(name);
    expect({ width: kept.width, height: kept.height }).toEqual({
      width: now.width,
      height: now.height,
    });
    expect(Buffer.from(kept.luminance).equals(Buffer.from(now.luminance))).toBe(true);
  });
});
