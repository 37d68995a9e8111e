// The operations of the gateway's terminal API in one table: the OpenAPI document is built from it, routes are held to it.

import { z } from "zod";
import {
  AuthorizationAnswerSchema,
  AuthorizationRequestSchema,
  CaptureAnswerSchema,
  CaptureRequestSchema,
  InquiryAnswerSchema,
  InquiryRequestSchema,
  RefundAnswerSchema,
  RefundRequestSchema,
  ReversalAnswerSchema,
  ReversalRequestSchema,
  StatusAnswerSchema,
} from "../messages/authorization.js";
import {
  EnrolmentAnswerSchema,
  EnrolmentRequestSchema,
  RenewalAnswerSchema,
  RenewalConfirmationAnswerSchema,
  RenewalConfirmationRequestSchema,
  RenewalRequestSchema,
} from "../messages/enrolment.js";
import {
  ReconciliationAnswerSchema,
  ReconciliationRequestSchema,
} from "../messages/reconciliation.js";
import { TerminalProfileSchema } from "../messages/terminal.js";
import {
  BODY_PROBLEMS,
  CONFLICT_PROBLEMS,
  ENROLMENT_PROBLEMS,
  EVERY_PROBLEMS,
  FORM_PROBLEMS,
  ID_PROBLEMS,
  NOT_FOUND_AT_PARTNER_PROBLEMS,
  NOT_FOUND_PROBLEMS,
  type ProblemCase,
  REFUND_CONFLICT_PROBLEMS,
  SERVING_PROBLEMS,
} from "./problem-cases.js";

export interface Operation {
  readonly operationId: string;
  readonly method: "get" | "post";
  /** With path parameters in braces, as OpenAPI writes them. */
  readonly path: string;
  readonly summary: string;
  readonly description: string;
  /** The JSON body, or null where there is none. */
  readonly request: z.ZodType | null;
  /** The body of a 200. */
  readonly answer: z.ZodType;
  /** What a 200 means here. */
  readonly answerMeans: string;
  /** What can be answered instead, as `application/problem+json`. */
  readonly problems: readonly ProblemCase[];
}

const DECISION_IS_200 =
  "A decision, approved or declined: `outcome` says which, `code` why. " +
  "The same id with the same body always gets this answer again.";

/** `GET /openapi.json`: any OpenAPI document. */
export const OpenApiDocumentSchema = z.looseObject({ openapi: z.string() });

/** Every operation that a terminal may ask of the gateway. */
export const OPERATIONS = [
  {
    operationId: "authorize",
    method: "post",
    path: "/v1/authorizations",
    summary: "Ask for a sale",
    description:
      "Debits what is available of the avantage, at most the purchase, and says what is still to be collected. " +
      "The id is made by the terminal and never changes on a repeat. " +
      "After an answer that did not come, send the same id and body again, or reverse it. " +
      "With `capture: false` it is held and not yet taken, until it is captured, reversed, or `holdExpiresAtMs`.",
    request: AuthorizationRequestSchema,
    answer: AuthorizationAnswerSchema,
    answerMeans: DECISION_IS_200,
    problems: [...BODY_PROBLEMS, ...CONFLICT_PROBLEMS, ...EVERY_PROBLEMS],
  },
  {
    operationId: "status",
    method: "get",
    path: "/v1/authorizations/{id}",
    summary: "Look up a sale of this terminal",
    description: "The stored answer of a sale, and what has become of it. Changes nothing.",
    request: null,
    answer: StatusAnswerSchema,
    answerMeans: "The sale is known here. `state` says whether it stands.",
    problems: [...ID_PROBLEMS, ...NOT_FOUND_PROBLEMS, ...EVERY_PROBLEMS],
  },
  {
    operationId: "reverse",
    method: "post",
    path: "/v1/authorizations/{id}/reversal",
    summary: "Reverse a sale of this terminal",
    description:
      "Gives back what the sale took, once, however often it is asked. An `automatic` reversal of an id that was " +
      "never seen leaves a tombstone, which refuses the late original; a `manual` one is not found.",
    request: ReversalRequestSchema,
    answer: ReversalAnswerSchema,
    answerMeans: "A decision. `REVERSED` each time, or why it cannot be reversed any more.",
    problems: [...BODY_PROBLEMS, ...NOT_FOUND_PROBLEMS, ...EVERY_PROBLEMS],
  },
  {
    operationId: "capture",
    method: "post",
    path: "/v1/authorizations/{id}/capture",
    summary: "Take what a sale of this terminal holds",
    description:
      "Takes all of what is held or less, once; the rest is free again. The same capture again gets its first " +
      "answer. From `holdExpiresAtMs` on there is nothing left to capture.",
    request: CaptureRequestSchema,
    answer: CaptureAnswerSchema,
    answerMeans: "A decision. `CAPTURED` each time, or why nothing was taken.",
    problems: [...BODY_PROBLEMS, ...NOT_FOUND_PROBLEMS, ...EVERY_PROBLEMS],
  },
  {
    operationId: "refund",
    method: "post",
    path: "/v1/authorizations/{id}/refunds",
    summary: "Give back what a sale took",
    description:
      "Gives back all of what a sale took or a part, never more than was taken, to the grant that it came from, even " +
      "when that can be used no more. Any terminal of the partner may ask. The refund has an id of its own: after an " +
      "answer that did not come, send the same id and body again.",
    request: RefundRequestSchema,
    answer: RefundAnswerSchema,
    answerMeans: "A decision. `REFUNDED`, or why nothing was given back.",
    problems: [
      ...BODY_PROBLEMS,
      ...NOT_FOUND_AT_PARTNER_PROBLEMS,
      ...REFUND_CONFLICT_PROBLEMS,
      ...EVERY_PROBLEMS,
    ],
  },
  {
    operationId: "reconcile",
    method: "post",
    path: "/v1/reconciliations",
    summary: "Compare this terminal's day with the gateway's",
    description:
      "Compares the totals of the terminal's journal with what the gateway decided on a Paris day. Where they differ, " +
      "every move of the day is listed, page by page. Changes nothing.",
    request: ReconciliationRequestSchema,
    answer: ReconciliationAnswerSchema,
    answerMeans: "The gateway's totals. `agreed` says whether they are the terminal's.",
    problems: [...FORM_PROBLEMS, ...EVERY_PROBLEMS],
  },
  {
    operationId: "inquire",
    method: "post",
    path: "/v1/inquiries",
    summary: "Ask what a card can use here",
    description:
      "Says what this card can use at this terminal, how much of a purchase it would cover, and until when. " +
      "Debits nothing. The answer's `proofRef` stands for the presentation in one sale.",
    request: InquiryRequestSchema,
    answer: InquiryAnswerSchema,
    answerMeans: DECISION_IS_200,
    problems: [...BODY_PROBLEMS, ...CONFLICT_PROBLEMS, ...EVERY_PROBLEMS],
  },
  {
    operationId: "terminalProfile",
    method: "get",
    path: "/v1/terminal",
    summary: "What this terminal is and may take",
    description: "Where the terminal stands, what is accepted there, the QR issuer's keys, limits.",
    request: null,
    answer: TerminalProfileSchema,
    answerMeans: "The profile of the terminal whose certificate was shown.",
    problems: EVERY_PROBLEMS,
  },
  {
    operationId: "enrol",
    method: "post",
    path: "/v1/terminals/enrolments",
    summary: "Become a terminal, by an activation code",
    description:
      "Gives the terminal its certificate and its PIN key; needs no client certificate. The code's second half is the " +
      "first half of the SHA-256 of the gateway's authority, which the gateway sends in the handshake: compare them " +
      "before anything is sent. A code works once and for an hour or so. After an answer that did not come, send the " +
      "same code with a request for the same key.",
    request: EnrolmentRequestSchema,
    answer: EnrolmentAnswerSchema,
    answerMeans:
      "The terminal is enrolled. What an earlier device of this id had is worth nothing.",
    problems: [...FORM_PROBLEMS, ...ENROLMENT_PROBLEMS, ...SERVING_PROBLEMS],
  },
  {
    operationId: "renew",
    method: "post",
    path: "/v1/terminal/renewal",
    summary: "Ask for another certificate before this one ends",
    description:
      "Gives a certificate and a PIN key that are not in force until they are confirmed; those in use stay good until " +
      "then. A terminal whose PIN pad takes no key asks to keep the one it has. A request for the same key gets the " +
      "same answer again, one for another key replaces it.",
    request: RenewalRequestSchema,
    answer: RenewalAnswerSchema,
    answerMeans: "What the terminal may confirm: keep it durably first.",
    problems: [...FORM_PROBLEMS, ...EVERY_PROBLEMS],
  },
  {
    operationId: "confirmRenewal",
    method: "post",
    path: "/v1/terminal/renewal/confirmation",
    summary: "Put a renewal in force",
    description:
      "Called with the new certificate. From then on the one before it is worth nothing, nor is its PIN key where a new " +
      "one came. Again, it is the same answer.",
    request: RenewalConfirmationRequestSchema,
    answer: RenewalConfirmationAnswerSchema,
    answerMeans: "The certificate that called is in force.",
    problems: [...FORM_PROBLEMS, ...EVERY_PROBLEMS],
  },
  {
    operationId: "openApi",
    method: "get",
    path: "/openapi.json",
    summary: "This document",
    description: "The OpenAPI document of the version that the gateway runs.",
    request: null,
    answer: OpenApiDocumentSchema,
    answerMeans: "The document.",
    problems: EVERY_PROBLEMS,
  },
] as const satisfies readonly Operation[];

export type OperationId = (typeof OPERATIONS)[number]["operationId"];
