// What a capture or a refund was decided from, as it is stored with it: enough to decide it again.

import type { Asked, SaleFile } from "../core/sale-file.js";

export interface OperationInput {
  readonly sale: SaleFile;
  readonly asked: Asked;
  readonly nowMs: number;
}

/** Serializes it, without the holder's name. */
export function operationInput({ sale, asked, nowMs }: OperationInput): string {
  const account = sale.account && { ...sale.account, holder: "" };
  return JSON.stringify({ sale: { ...sale, account }, asked, nowMs });
}

/** Reads it back; throws where it was not written by {@link operationInput}. */
export function parseOperationInput(text: string): OperationInput {
  const parsed: OperationInput = JSON.parse(text);
  const { sale, asked, nowMs } = parsed;
  if (!sale || !asked || typeof nowMs !== "number") {
    throw new SyntaxError("not the input of a capture or a refund");
  }
  return parsed;
}
