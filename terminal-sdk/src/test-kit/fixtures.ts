// Values that many tests of the terminal need and none of them is about.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TerminalProfile } from "@pass-tpe/protocol";
import { ed25519KeysFromSeed, signQrToken, withLuhn } from "@pass-tpe/protocol/standards";
import { onTestFinished } from "vitest";

const ISSUER = ed25519KeysFromSeed(Buffer.alloc(32, 7));
const STRANGER = ed25519KeysFromSeed(Buffer.alloc(32, 8));

export const CARD_NUMBER = withLuhn("970000000000001");

/** The text of a printed code, by the issuer or by somebody else. */
export function qrText(options: { signedBy: "issuer" | "stranger" }): string {
  const { privateKey } = options.signedBy === "issuer" ? ISSUER : STRANGER;
  return signQrToken({
    privateKey,
    token: { kind: "printed", keyId: "K1", cardNumber: CARD_NUMBER },
  });
}

/** The gateway's time in tests: 14 November 2023, 23:13 in Paris. */
export const GATEWAY_NOW_MS = 1_700_000_000_000;
export const GATEWAY_TODAY = "2023-11-14";

export const PROFILE: TerminalProfile = {
  terminalId: "T1",
  partner: { id: "P1", name: "Le Théâtre" },
  pointOfSale: { id: "S1", name: "Guichet", city: "Lyon" },
  receiptHeader: ["LE THEATRE"],
  avantages: [
    { avantage: "SPECTACLE", label: "Spectacle", unit: "EUR_CENT" },
    { avantage: "CINEMA", label: "Cinéma", unit: "SEAT" },
    { avantage: "MUSEE", label: "Musée", unit: "RECORD" },
  ],
  qrKeys: [
    {
      keyId: "K1",
      publicKey: ISSUER.publicKey.export({ format: "der", type: "spki" }).toString("base64"),
    },
  ],
  limits: { purchaseCentsMax: 100_000, quantityMax: 20, deadlineMs: 4_000 },
  serverTimeMs: GATEWAY_NOW_MS,
};

/** A new empty folder, gone when the test that asked for it is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-sdk-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
