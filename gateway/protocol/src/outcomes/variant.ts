// Which outcomes read otherwise in a particular case.
import type { OutcomeParams } from "./params.js";
import type { OutcomeSpec, OutcomeVariant, VariantCondition } from "./types.js";

/** The spec's variant where these values call for it. */
export function variantFor(spec: OutcomeSpec, params: OutcomeParams): OutcomeVariant | undefined {
  return spec.variant !== undefined && holds(spec.variant.when, params) ? spec.variant : undefined;
}

function holds(condition: VariantCondition, params: OutcomeParams): boolean {
  switch (condition) {
    case "nothingReturned":
      return (params.returned?.value ?? 0) === 0;
    case "noneLeft":
      return params.remaining?.value === 0;
    case "leftToPay":
      return (params.collectCents ?? 0) > 0;
    case "notUsable":
      return params.notUsable === true;
    case "keyed":
      return params.keyed === true;
  }
}
