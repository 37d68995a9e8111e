// Routes of the life of terminals: who may become one, which there are, and whose credentials are worth nothing any more.

import { z } from "zod";
import { parseBody } from "../body.js";
import { ProblemError } from "../problem-error.js";
import type { ActivationResult, OperatorsBackend } from "./ports.js";
import { type Call, NewIdSchema, OPERATOR, type Reply, type Route, unknown } from "./route.js";

/** Time enough to drive to a shop; a code that is found later is worth nothing. */
const VALID_MINUTES = 60;
const VALID_MINUTES_MAX = 24 * 60;

export const TERMINAL_ROUTES: readonly Route[] = [
  {
    method: "get",
    path: "/v1/terminals",
    operation: "terminals",
    roles: OPERATOR,
    takes: "nothing",
    handle: terminals,
  },
  {
    method: "post",
    path: "/v1/terminals/:id/activation-codes",
    operation: "makeActivationCode",
    roles: OPERATOR,
    takes: "json",
    handle: makeActivationCode,
  },
  {
    method: "post",
    path: "/v1/terminals/:id/revocation",
    operation: "revokeTerminal",
    roles: OPERATOR,
    takes: "nothing",
    handle: revokeTerminal,
  },
];

const ListQuerySchema = z.strictObject({ partner: z.string().min(1).max(64) });

async function terminals(backend: OperatorsBackend, { query }: Call): Promise<Reply> {
  const { partner } = parseBody(ListQuerySchema, query);
  const list = await backend.terminalsAt(partner);
  if (list === null) throw unknown("There is no partner of this id.");
  return { body: { partner, terminals: list }, act: { subject: partner, terminals: list.length } };
}

const NewCodeSchema = z.strictObject({
  pointOfSale: z.string().min(1).max(64),
  validMinutes: z.int().min(1).max(VALID_MINUTES_MAX).default(VALID_MINUTES),
});

async function makeActivationCode(
  backend: OperatorsBackend,
  { agent: by, id, body }: Call,
): Promise<Reply> {
  const terminalId = terminalIdOf(id);
  const { pointOfSale: pointOfSaleId, validMinutes } = parseBody(NewCodeSchema, body);
  const asked = { terminalId, pointOfSaleId, validMinutes };
  const made = await backend.makeActivationCode(asked, by);
  if (made.type !== "made") throw notMade(made.type);
  const { activationCode, expiresAtMs } = made;
  return {
    body: { terminalId, pointOfSaleId, activationCode, expiresAtMs },
    act: { subject: terminalId, pointOfSale: pointOfSaleId },
  };
}

/** The terminal that a path names, which may be new. @throws ProblemError where its id has not the form of one. */
function terminalIdOf(id: string): string {
  const parsed = NewIdSchema.safeParse(id);
  if (parsed.success) return parsed.data;
  throw new ProblemError({
    code: "FORMAT_ERROR",
    detail: "A terminal's id is 1 to 64 of A-Z, a-z, 0-9 and . _ -.",
  });
}

function notMade(why: Exclude<ActivationResult["type"], "made">): ProblemError {
  switch (why) {
    case "noPointOfSale":
      return unknown("There is no point of sale of this id: pointOfSale.saved must come first.");
    case "revoked":
      return contradiction(
        "This terminal was revoked, and that is not undone. Choose another id for the device.",
      );
    case "ofAnotherPartner":
      return contradiction(
        "This terminal is another partner's: its sales are. Choose another id for the device.",
      );
  }
}

function contradiction(detail: string): ProblemError {
  return new ProblemError({ code: "CONTRADICTION", detail });
}

async function revokeTerminal(backend: OperatorsBackend, { agent: by, id }: Call): Promise<Reply> {
  if ((await backend.store.place(id)) === null) throw unknown("There is no terminal of this id.");
  await backend.revokeTerminal(id, by);
  return { body: { id, status: "revoked" }, act: { subject: id } };
}
