// The routes by which a terminal gets its certificate, and another one before it ends.

import {
  EnrolmentRequestSchema,
  type RenewalAnswer,
  RenewalConfirmationRequestSchema,
  RenewalRequestSchema,
} from "@pass-tpe/protocol";
import { parseBody } from "../body.js";
import { ProblemError } from "../problem-error.js";
import type { Issuance } from "./ports.js";
import type { Call, Reply, RouteContext } from "./route.js";

/** A wrong code, a used one, one that has ended and one that a newer one has voided are told alike. */
const NO_CODE =
  "This activation code cannot be used: it is mistyped, used, over, or another was made since. Operator: make a new one with `pass-tpe terminal enrol`.";

const NO_MORE =
  "This certificate is not this terminal's any more. Operator: enrol the terminal again.";

export async function enrol({ enrolment }: RouteContext, call: Call): Promise<Reply> {
  const request = parseBody(EnrolmentRequestSchema, call.body);
  return issued(await enrolment.enrol(request), NO_CODE);
}

export async function renew({ enrolment }: RouteContext, call: Call): Promise<Reply> {
  const request = parseBody(RenewalRequestSchema, call.body);
  return issued(await enrolment.renew(call, request), NO_MORE);
}

export async function confirmRenewal({ enrolment }: RouteContext, call: Call): Promise<Reply> {
  parseBody(RenewalConfirmationRequestSchema, call.body);
  const body = await enrolment.confirm(call);
  if (body === null) throw notAuthorised(NO_MORE);
  return { body };
}

function issued(issuance: Issuance<RenewalAnswer>, refusal: string): Reply {
  switch (issuance.type) {
    case "issued":
      return { body: issuance.answer, terminalId: issuance.answer.terminalId };
    case "refused":
      throw notAuthorised(refusal);
    case "malformed":
      throw new ProblemError({
        code: "FORMAT_ERROR",
        detail: "The certificate request cannot be taken; see errors.",
        errors: [{ pointer: "/csr", detail: issuance.reason }],
      });
  }
}

function notAuthorised(detail: string): ProblemError {
  return new ProblemError({ code: "TERMINAL_NOT_AUTHORISED", detail });
}
