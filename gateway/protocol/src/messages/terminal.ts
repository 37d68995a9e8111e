// What a terminal may ask about itself: where it stands, what is accepted there, within which limits.

import { z } from "zod";
import { AvantageCodeSchema } from "../ids.js";
import { UNITS } from "../money.js";
import { helpful, wordOf } from "./readable.js";

/** `GET /v1/terminal`. */
export const TerminalProfileSchema = z.object({
  terminalId: z.string(),
  partner: z.object({ id: z.string(), name: z.string() }),
  pointOfSale: z.object({ id: z.string(), name: z.string(), city: z.string() }),
  receiptHeader: z.array(z.string()).describe("Lines for the head of a receipt."),
  avantages: z
    .array(z.object({ avantage: AvantageCodeSchema, label: z.string(), unit: wordOf(UNITS) }))
    .describe("Accepted here. A sale of another avantage would be declined."),
  qrKeys: z
    .array(
      z.object({ keyId: z.string(), publicKey: z.string().describe("Ed25519, SPKI DER, base64") }),
    )
    .describe("The issuer's keys, to check a QR token before any PIN prompt."),
  presentations: helpful(
    z.object({
      nfcIdentifier: z.boolean().describe("Cards known by their static identifier are taken."),
      qrNumber: z.boolean().describe("QR codes that are the bare card number are taken."),
    }),
  ).describe("What older cards of the programme present; false where none is in circulation."),
  limits: z.object({
    purchaseCentsMax: z.int(),
    quantityMax: z.int(),
    deadlineMs: z.int(),
  }),
  serverTimeMs: z.int(),
});
export type TerminalProfile = z.infer<typeof TerminalProfileSchema>;
