// The route by which the QR codes of cards are made: printed ones for who makes cards, short-lived ones for the app.

import { isCardNumber } from "@pass-tpe/protocol/standards";
import { z } from "zod";
import { parseBody } from "../body.js";
import type { OperatorsBackend } from "./ports.js";
import { type Call, OFFICES, type Reply, type Route } from "./route.js";

/** The most codes that one request may ask for. */
export const QR_CODES_MAX = 500;

export const QR_ROUTES: readonly Route[] = [
  {
    method: "post",
    path: "/v1/qr-codes",
    operation: "issueQrCodes",
    roles: OFFICES,
    takes: "json",
    handle: issueQrCodes,
  },
];

const CardNumberSchema = z.string().refine(isCardNumber, {
  error: "must be 16 digits, the last of which is their check digit",
});

/** The issuer's word that a number is a card's; whether the card may pay is looked up at each sale. */
const QrCodesSchema = z.strictObject({
  kind: z.enum(["printed", "app"]),
  cardNumbers: z.array(CardNumberSchema).min(1).max(QR_CODES_MAX),
});

async function issueQrCodes(backend: OperatorsBackend, { agent, body }: Call): Promise<Reply> {
  const asked = parseBody(QrCodesSchema, body);
  const { keyId, tokens } = await backend.issueQrCodes(asked, agent);
  const { kind } = asked;
  return { body: { kind, keyId, tokens }, act: { kind, count: tokens.length, keyId } };
}
