// Routes of what a restore lost: what it is, who has to compare which days, and the signature that ends it.

import { z } from "zod";
import { parseBody } from "../body.js";
import { ProblemError } from "../problem-error.js";
import type { OperatorsBackend } from "./ports.js";
import { type Call, OPERATOR, type Reply, type Route, unknown } from "./route.js";

/** A reason that is kept for good, in a sentence or two. */
const WHY_LENGTH_MAX = 500;

export const GAP_ROUTES: readonly Route[] = [
  {
    method: "get",
    path: "/v1/gaps",
    operation: "gaps",
    roles: OPERATOR,
    takes: "nothing",
    handle: gaps,
  },
  {
    method: "post",
    path: "/v1/gaps/:id/signature",
    operation: "signGap",
    roles: OPERATOR,
    takes: "json",
    handle: signGap,
  },
];

async function gaps(backend: OperatorsBackend): Promise<Reply> {
  const list = await backend.gaps.list();
  return { body: { gaps: list }, act: { gaps: list.length } };
}

const SignatureSchema = z.strictObject({ why: z.string().trim().min(1).max(WHY_LENGTH_MAX) });

async function signGap(backend: OperatorsBackend, { agent: by, id, body }: Call): Promise<Reply> {
  const { why } = parseBody(SignatureSchema, body);
  const gap = (await backend.gaps.list()).find(({ no }) => String(no) === id);
  if (gap === undefined) throw unknown("There is no gap of this number.");
  if (gap.isSigned || !(await backend.gaps.sign(gap.no, why, by))) {
    throw new ProblemError({ code: "CONTRADICTION", detail: "This gap is signed for already." });
  }
  return { body: { no: gap.no, isOpen: false, isSigned: true }, act: { gap: gap.no } };
}
