// The route by which a young person gets into an account of their own: a code of one use, handed over by an office.

import { z } from "zod";
import { parseBody } from "../body.js";
import type { OperatorsBackend } from "./ports.js";
import { type Call, OFFICES, type Reply, type Route, unknown } from "./route.js";

export const ACCOUNT_ROUTES: readonly Route[] = [
  {
    method: "post",
    path: "/v1/beneficiaries/:id/account",
    operation: "inviteToAccount",
    roles: OFFICES,
    takes: "json",
    handle: inviteToAccount,
  },
];

const InvitationSchema = z.strictObject({ birthDay: z.iso.date() });

async function inviteToAccount(
  backend: OperatorsBackend,
  { agent: by, id: beneficiary, body }: Call,
): Promise<Reply> {
  const { birthDay } = parseBody(InvitationSchema, body);
  const opened = await backend.openAccount({ beneficiary, birthDay }, by);
  if (opened === null) {
    throw unknown("There is no beneficiary of this id: card.ordered must come first.");
  }
  const { openingCode, expiresAtMs } = opened;
  const expiresAt = new Date(expiresAtMs).toISOString();
  return { body: { beneficiary, openingCode, expiresAt }, act: { subject: beneficiary } };
}
