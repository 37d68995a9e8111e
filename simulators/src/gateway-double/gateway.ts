// The double's operations on checked requests: the stored answer of a known id, or a new decision, stored.

import type {
  AuthorizationAnswer,
  AuthorizationRequest,
  InquiryRequest,
  ReversalAnswer,
  ReversalRequest,
  StatusAnswer,
} from "@pass-tpe/protocol";
import { decisionOf, decisionReply, problemReply, type Reply } from "./answers.js";
import { type DoubleOperation, isProblemCode } from "./codes.js";
import { type Decided, decideInquiry, decideSale } from "./decide.js";
import type { AnsweredAttempt, StoredAttempt } from "./ledger.js";
import type { GatewayParts } from "./parts.js";
import { profileOf } from "./profile.js";
import { inquiryAnswer, saleAnswer } from "./sale-answer.js";
import type { ScriptedAnswer } from "./script.js";
import { standIns } from "./stand-ins.js";

export class DoubleGateway {
  readonly #parts: GatewayParts;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
  }

  authorize(request: AuthorizationRequest): Reply {
    const { ledger } = this.#parts;
    const fingerprint = ledger.fingerprint("authorization", request);
    const stored = ledger.attempt(request.id);
    if (stored !== undefined) return this.#again({ stored, fingerprint, ...request });
    const scripted = this.#scripted("authorize");
    if (scripted?.problem) return scripted.problem;
    const nowMs = this.#parts.nowMs();
    const decided = decideSale({ request, ledger, scripted: scripted?.answer ?? null, nowMs });
    const answer = saleAnswer(this.#parts, { request, decided, nowMs });
    if (decided.debit !== null && decided.isDebited) ledger.move(decided.debit, "take");
    this.#keep(request.id, { kind: "authorization", fingerprint, answer }, decided);
    return decisionReply(answer);
  }

  inquire(request: InquiryRequest): Reply {
    const { ledger } = this.#parts;
    const fingerprint = ledger.fingerprint("inquiry", request);
    const stored = ledger.attempt(request.id);
    if (stored !== undefined)
      return this.#again({ stored, fingerprint, id: request.id, avantage: null });
    const scripted = this.#scripted("inquire");
    if (scripted?.problem) return scripted.problem;
    const nowMs = this.#parts.nowMs();
    const decided = decideInquiry({ request, ledger, scripted: scripted?.answer ?? null, nowMs });
    const answer = inquiryAnswer(this.#parts, { request, decided, nowMs });
    this.#keep(request.id, { kind: "inquiry", fingerprint, answer }, decided);
    return decisionReply(answer);
  }

  reverse({ id, reason }: ReversalRequest & { readonly id: string }): Reply {
    const { ledger } = this.#parts;
    const stored = ledger.attempt(id);
    if (stored?.reversal) return decisionReply(stored.reversal);
    const scripted = this.#scripted("reverse");
    if (scripted?.problem) return scripted.problem;
    if (scripted) return decisionReply(this.#refusedReversal(id, scripted.answer));
    if (stored === undefined && reason === "manual") return notFound();
    const reversal = this.#reversalAnswer(id, stored);
    if (stored === undefined) {
      const nothing = { fingerprint: null, answer: null, taken: null, isDebited: false } as const;
      ledger.keep(id, { kind: "tombstone", ...nothing, reversal });
    } else {
      if (stored.taken !== null && stored.isDebited) ledger.move(stored.taken, "giveBack");
      stored.reversal = reversal;
    }
    return decisionReply(reversal);
  }

  status(id: string): Reply {
    const scripted = this.#scripted("status");
    if (scripted?.problem) return scripted.problem;
    const stored = this.#parts.ledger.attempt(id);
    if (stored === undefined || stored.kind === "inquiry") return notFound();
    const body = statusOf(id, stored);
    return { status: 200, body, code: body.state };
  }

  terminalProfile(): Reply {
    const scripted = this.#scripted("terminalProfile");
    if (scripted?.problem) return scripted.problem;
    return { status: 200, body: profileOf(this.#parts), code: "PROFILE" };
  }

  /** The same id again: its stored answer, unless the request is another one or the sale has been reversed. */
  #again(options: {
    stored: StoredAttempt;
    fingerprint: string;
    id: string;
    /** Of a sale; null for an inquiry, which nothing reverses. */
    avantage: string | null;
  }): Reply {
    const { stored, fingerprint, id, avantage } = options;
    const { reversal } = stored;
    const isSame = stored.fingerprint === null || stored.fingerprint === fingerprint;
    if (isSame && reversal === null && stored.answer !== null) return decisionReply(stored.answer);
    if (isSame && reversal !== null && avantage !== null) {
      const nowMs = this.#parts.nowMs();
      const decision = decisionOf({ id, code: "ALREADY_REVERSED", params: {}, nowMs });
      const answer: AuthorizationAnswer = { ...decision, avantage };
      return decisionReply(answer);
    }
    return problemReply({
      code: "DUPLICATE_CONFLICT",
      detail: "This id was used for another request. Integrator: make a new id for each sale.",
    });
  }

  /** What the script has for this operation; a problem is answered at once, and never stored. */
  #scripted(operation: DoubleOperation): { answer: ScriptedAnswer; problem: Reply | null } | null {
    const answer = this.#parts.script.takeAnswer(operation);
    if (answer === null) return null;
    const { code, retryAfterMs } = answer;
    if (!isProblemCode(code)) return { answer, problem: null };
    const detail = "The test told the gateway double to answer so.";
    return { answer, problem: problemReply({ code, detail, retryAfterMs }) };
  }

  #keep(id: string, attempt: AnsweredAttempt, { debit: taken, isDebited }: Decided): void {
    this.#parts.ledger.keep(id, { ...attempt, taken, isDebited, reversal: null });
  }

  #reversalAnswer(id: string, stored: StoredAttempt | undefined): ReversalAnswer {
    const taken = stored?.taken ?? null;
    const nowMs = this.#parts.nowMs();
    if (taken === null) return decisionOf({ id, code: "REVERSED", params: {}, nowMs });
    const { avantage, unit, value } = taken;
    const returned = { unit, value };
    const avantageLabel = this.#parts.ledger.avantage(avantage)?.label ?? avantage;
    const params = { returned, avantageLabel };
    return { ...decisionOf({ id, code: "REVERSED", params, nowMs }), returned };
  }

  /** A scripted answer to a reversal changes nothing: the next one is answered anew. */
  #refusedReversal(id: string, scripted: ScriptedAnswer): ReversalAnswer {
    const { code, operation: _, retryAfterMs, ...given } = scripted;
    const nowMs = this.#parts.nowMs();
    const params = { ...standIns({ code, asked: {}, avantageLabel: "", nowMs }), ...given };
    const { returned } = params;
    return {
      ...decisionOf({ id, code, params, nowMs, retryAfterMs }),
      ...(returned === undefined ? {} : { returned }),
    };
  }
}

function notFound(): Reply {
  return problemReply({
    code: "ORIGINAL_NOT_FOUND",
    detail: "This terminal has sent no authorization with this id.",
  });
}

function statusOf(
  id: string,
  { answer, reversal }: Exclude<StoredAttempt, { kind: "inquiry" }>,
): StatusAnswer {
  if (reversal === null) {
    return answer === null ? { id, state: "declined" } : { id, state: answer.outcome, answer };
  }
  return { id, state: "reversed", ...(answer === null ? {} : { answer }), reversal };
}
