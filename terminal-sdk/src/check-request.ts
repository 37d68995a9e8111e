// Checks the form of what a till asks for. Whether an amount is right is no matter of form: that is a declined sale.

import { AttemptIdSchema } from "@pass-tpe/protocol";
import type { PartOfSale, RefundOptions } from "./after-sale/results.js";
import { allowType, fieldsOf, invalid, requireText } from "./given.js";
import type { InquiryOptions } from "./sale/inquiry.js";
import type { SaleRequest } from "./sale/sale.js";

/** @throws PassTpeError `OPTIONS_INVALID`: names the field and says what to give. */
export function checkSaleRequest(request: SaleRequest): void {
  const given = fieldsOf("request", request);
  requireText("avantage", given["avantage"]);
  checkCommon(given);
  allowType({ name: "exact", value: given["exact"], type: "boolean" });
  allowType({ name: "capture", value: given["capture"], type: "boolean" });
  if (given["proofRef"] !== undefined) requireText("proofRef", given["proofRef"]);
}

/** @throws PassTpeError `OPTIONS_INVALID`: names the field and says what to give. */
export function checkInquiryRequest(request: InquiryOptions): void {
  const given = fieldsOf("request", request);
  if (given["avantage"] !== undefined) requireText("avantage", given["avantage"]);
  checkCommon(given);
}

/** @throws PassTpeError `OPTIONS_INVALID`: says what to give. */
export function checkId(id: string): void {
  requireId("id", id);
}

/** @throws PassTpeError `OPTIONS_INVALID`: names the field and says what to give. */
export function checkCapture(id: string, part: PartOfSale): void {
  requireId("id", id);
  checkPart(fieldsOf("part", part));
}

/** @throws PassTpeError `OPTIONS_INVALID`: names the field and says what to give. */
export function checkRefund(request: RefundOptions): void {
  const given = fieldsOf("request", request);
  requireId("of", given["of"]);
  if (given["refundId"] !== undefined) requireId("refundId", given["refundId"]);
  checkPart(given);
}

function checkPart(given: Readonly<Record<string, unknown>>): void {
  allowType({ name: "amountCents", value: given["amountCents"], type: "number" });
  allowType({ name: "quantity", value: given["quantity"], type: "number" });
}

function requireId(name: string, value: unknown): void {
  if (AttemptIdSchema.safeParse(value).success) return;
  throw invalid(`${name} must be an id as a result carries it: a UUID version 7 in lower case`);
}

function checkCommon(given: Readonly<Record<string, unknown>>): void {
  allowType({ name: "purchaseCents", value: given["purchaseCents"], type: "number" });
  allowType({ name: "quantity", value: given["quantity"], type: "number" });
  const signal = given["signal"];
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw invalid("signal must be an AbortSignal, of `new AbortController()`");
  }
}
