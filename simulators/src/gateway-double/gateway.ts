// The double's operations on checked requests: the stored answer of a known id, or a new decision, stored.

import type {
  AuthorizationAnswer,
  AuthorizationRequest,
  CaptureRequest,
  InquiryRequest,
  ReconciliationRequest,
  RefundRequest,
  ReversalRequest,
  StatusAnswer,
} from "@pass-tpe/protocol";
import { notFound } from "./after-sale.js";
import { decisionOf, decisionReply, problemReply, type Reply } from "./answers.js";
import { capture } from "./capture.js";
import { decideInquiry, decideSale } from "./decide.js";
import type { Decided } from "./decided.js";
import type { GatewayParts } from "./parts.js";
import { profileOf } from "./profile.js";
import { refund } from "./refund.js";
import { reverse } from "./reversal.js";
import { inquiryAnswer, saleAnswer } from "./sale-answer.js";
import { takeScripted } from "./scripted.js";
import type { AnsweredAttempt, Life, StoredAttempt } from "./stored.js";
import { reconcile } from "./till-day.js";

export class DoubleGateway {
  readonly #parts: GatewayParts;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
  }

  authorize(request: AuthorizationRequest): Reply {
    const { ledger, tapCeilingCents } = this.#now();
    // With the defaults filled in: what is left out says the same.
    const asked = { exact: false, capture: true, ...request };
    const fingerprint = ledger.fingerprint("authorization", asked);
    const stored = ledger.attempt(request.id);
    if (stored !== undefined) return this.#again({ stored, fingerprint, ...request });
    const scripted = takeScripted(this.#parts, "authorize");
    if (scripted?.problem) return scripted.problem;
    const nowMs = this.#parts.nowMs();
    const script = scripted?.answer ?? null;
    const decided = decideSale({ request, ledger, scripted: script, nowMs, tapCeilingCents });
    const answer = saleAnswer(this.#parts, { request, decided, nowMs });
    if (decided.debit !== null && decided.isDebited) ledger.move(decided.debit, "take");
    this.#keep(request.id, { kind: "authorization", fingerprint, answer }, decided);
    return decisionReply(answer);
  }

  inquire(request: InquiryRequest): Reply {
    const { ledger } = this.#now();
    const fingerprint = ledger.fingerprint("inquiry", request);
    const stored = ledger.attempt(request.id);
    if (stored !== undefined)
      return this.#again({ stored, fingerprint, id: request.id, avantage: null });
    const scripted = takeScripted(this.#parts, "inquire");
    if (scripted?.problem) return scripted.problem;
    const nowMs = this.#parts.nowMs();
    const decided = decideInquiry({ request, ledger, scripted: scripted?.answer ?? null, nowMs });
    const answer = inquiryAnswer(this.#parts, { request, decided, nowMs });
    this.#keep(request.id, { kind: "inquiry", fingerprint, answer }, decided);
    return decisionReply(answer);
  }

  reverse(request: ReversalRequest & { readonly id: string }): Reply {
    return reverse(this.#now(), request);
  }

  capture(request: CaptureRequest & { readonly id: string }): Reply {
    return capture(this.#now(), request);
  }

  refund(request: RefundRequest & { readonly of: string }): Reply {
    return refund(this.#now(), request);
  }

  reconcile(request: ReconciliationRequest): Reply {
    return reconcile(this.#now(), request);
  }

  status(id: string): Reply {
    const parts = this.#now();
    const scripted = takeScripted(parts, "status");
    if (scripted?.problem) return scripted.problem;
    const stored = parts.ledger.attempt(id);
    if (stored === undefined || stored.kind === "inquiry") return notFound();
    const body = statusOf(parts, id, stored);
    return { status: 200, body, code: body.state };
  }

  terminalProfile(): Reply {
    const scripted = takeScripted(this.#parts, "terminalProfile");
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

  /** The parts, once every hold whose time is over has ended. */
  #now(): GatewayParts {
    const { ledger, nowMs } = this.#parts;
    ledger.endHolds(nowMs());
    return this.#parts;
  }

  #keep(id: string, attempt: AnsweredAttempt, decided: Decided): void {
    const { debit: drawn, isDebited, holdExpiresAtMs } = decided;
    const state = holdExpiresAtMs === null ? attempt.answer.outcome : "held";
    const life: Life = { state, drawn, isDebited, holdExpiresAtMs, capture: null, reversal: null };
    this.#parts.ledger.keep(id, { ...attempt, ...life });
  }
}

function statusOf(
  { ledger }: GatewayParts,
  id: string,
  stored: Exclude<StoredAttempt, { kind: "inquiry" }>,
): StatusAnswer {
  const { state, answer, reversal, capture: captured } = stored;
  const refunds = ledger.refundsOf(id).map((refunded) => refunded.answer);
  return {
    id,
    state,
    ...(answer === null ? {} : { answer }),
    ...(reversal === null ? {} : { reversal }),
    ...(captured === null ? {} : { capture: captured.answer }),
    ...(refunds.length === 0 ? {} : { refunds }),
  };
}
