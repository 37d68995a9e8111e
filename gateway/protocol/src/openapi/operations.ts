// The operations of the gateway's terminal API in one table: the OpenAPI document is built from it, routes are held to it.

import { z } from "zod";
import {
  AuthorizationAnswerSchema,
  AuthorizationRequestSchema,
  InquiryAnswerSchema,
  InquiryRequestSchema,
  ReversalAnswerSchema,
  ReversalRequestSchema,
  StatusAnswerSchema,
} from "../messages/authorization.js";
import { TerminalProfileSchema } from "../messages/terminal.js";
import {
  BODY_PROBLEMS,
  CONFLICT_PROBLEMS,
  EVERY_PROBLEMS,
  ID_PROBLEMS,
  NOT_FOUND_PROBLEMS,
  type ProblemCase,
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
      "After an answer that did not come, send the same id and body again, or reverse it.",
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
