// The named schemas of the document: each zod schema once, under the name by which others refer to it.

import { z } from "zod";
import { AttemptIdSchema, AvantageCodeSchema } from "../ids.js";
import {
  AmountSchema,
  AuthorizationAnswerSchema,
  AuthorizationRequestSchema,
  AvantageViewSchema,
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
  EvidenceSchema,
  KeyedEvidenceSchema,
  NfcIdentifierSchema,
  NfcMessageSchema,
  PinBlockSchema,
  ProofEvidenceSchema,
  QrEvidenceSchema,
} from "../messages/evidence.js";
import { ProblemSchema } from "../messages/problem.js";
import {
  ReconciliationAnswerSchema,
  ReconciliationRequestSchema,
  TillMoveSchema,
  TillTotalSchema,
} from "../messages/reconciliation.js";
import { TerminalProfileSchema } from "../messages/terminal.js";
import { OpenApiDocumentSchema } from "./operations.js";

/** Every schema that has a name in the document. */
export const COMPONENTS = {
  AttemptId: AttemptIdSchema,
  AvantageCode: AvantageCodeSchema,
  Amount: AmountSchema,
  PinBlock: PinBlockSchema,
  NfcMessage: NfcMessageSchema,
  NfcIdentifier: NfcIdentifierSchema,
  QrEvidence: QrEvidenceSchema,
  KeyedEvidence: KeyedEvidenceSchema,
  ProofEvidence: ProofEvidenceSchema,
  Evidence: EvidenceSchema,
  AuthorizationRequest: AuthorizationRequestSchema,
  AuthorizationAnswer: AuthorizationAnswerSchema,
  StatusAnswer: StatusAnswerSchema,
  ReversalRequest: ReversalRequestSchema,
  ReversalAnswer: ReversalAnswerSchema,
  CaptureRequest: CaptureRequestSchema,
  CaptureAnswer: CaptureAnswerSchema,
  RefundRequest: RefundRequestSchema,
  RefundAnswer: RefundAnswerSchema,
  InquiryRequest: InquiryRequestSchema,
  AvantageView: AvantageViewSchema,
  InquiryAnswer: InquiryAnswerSchema,
  TillTotal: TillTotalSchema,
  TillMove: TillMoveSchema,
  ReconciliationRequest: ReconciliationRequestSchema,
  ReconciliationAnswer: ReconciliationAnswerSchema,
  TerminalProfile: TerminalProfileSchema,
  EnrolmentRequest: EnrolmentRequestSchema,
  EnrolmentAnswer: EnrolmentAnswerSchema,
  RenewalRequest: RenewalRequestSchema,
  RenewalAnswer: RenewalAnswerSchema,
  RenewalConfirmationRequest: RenewalConfirmationRequestSchema,
  RenewalConfirmationAnswer: RenewalConfirmationAnswerSchema,
  Problem: ProblemSchema,
  OpenApiDocument: OpenApiDocumentSchema,
} as const satisfies Record<string, z.ZodType>;

export type ComponentName = keyof typeof COMPONENTS;

const COMPONENTS_PATH = "#/components/schemas/";

/** Points at a named schema. */
export function refTo(name: ComponentName): { $ref: string } {
  return { $ref: `${COMPONENTS_PATH}${name}` };
}

/** The name under which a schema stands in the document. @throws Error when it has none: a bug. */
export function componentName(schema: z.ZodType): ComponentName {
  const names = Object.keys(COMPONENTS) as ComponentName[];
  const name = names.find((candidate) => COMPONENTS[candidate] === schema);
  if (name === undefined) throw new Error("openapi: give this schema a name in COMPONENTS");
  return name;
}

/**
 * The named schemas as JSON Schema 2020-12, which is OpenAPI 3.1's own dialect. What a sender may leave out is not
 * required, and answers may gain fields: they are read tolerantly.
 */
export function componentSchemas(): Record<string, object> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(COMPONENTS)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    io: "input",
    uri: (id) => `${COMPONENTS_PATH}${id}`,
    override: ({ jsonSchema }) => dropSafeIntegerBounds(jsonSchema),
  });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _, $id: __, ...schema }]) => [name, schema]),
  );
}

/** Every JSON number that is exact lies within them: in the document they would only hide the real limits. */
function dropSafeIntegerBounds(schema: { minimum?: number; maximum?: number }): void {
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}
