// The result codes: what they are, how they are looked up, and what people read.
export {
  type ApprovalCode,
  type HiddenCode,
  OUTCOMES,
  type OutcomeCode,
  type PublicCode,
} from "./codes.js";
export {
  isOutcomeCode,
  isPublicCode,
  isRetryable,
  outcomeSpec,
  PUBLIC_CODES,
  precedenceOf,
  publicCodeOf,
  publicIso39Of,
  publicRetryOf,
  publicSpecOf,
  retryOf,
} from "./lookup.js";
export type { OutcomeParams } from "./params.js";
export { PUBLIC_GROUPS } from "./public-groups.js";
export { type Audience, type RenderedOutcome, renderOutcome } from "./render.js";
export { classifyUnknown, type OutcomeClass } from "./tolerant.js";
export type {
  Actor,
  GivenBy,
  Lines,
  OutcomeKind,
  OutcomeSpec,
  OutcomeVariant,
  PublicGroupCode,
  RetryClass,
  VariantCondition,
} from "./types.js";
