// Checks the form of what a till asks for. Whether an amount is right is no matter of form: that is a declined sale.

import { allowType, fieldsOf, invalid, requireText } from "./given.js";
import type { InquiryOptions } from "./sale/inquiry.js";
import type { SaleRequest } from "./sale/sale.js";

/** @throws PassTpeError `OPTIONS_INVALID`: names the field and says what to give. */
export function checkSaleRequest(request: SaleRequest): void {
  const given = fieldsOf("request", request);
  requireText("avantage", given["avantage"]);
  checkCommon(given);
  allowType({ name: "exact", value: given["exact"], type: "boolean" });
  if (given["proofRef"] !== undefined) requireText("proofRef", given["proofRef"]);
}

/** @throws PassTpeError `OPTIONS_INVALID`: names the field and says what to give. */
export function checkInquiryRequest(request: InquiryOptions): void {
  const given = fieldsOf("request", request);
  if (given["avantage"] !== undefined) requireText("avantage", given["avantage"]);
  checkCommon(given);
}

function checkCommon(given: Readonly<Record<string, unknown>>): void {
  allowType({ name: "purchaseCents", value: given["purchaseCents"], type: "number" });
  allowType({ name: "quantity", value: given["quantity"], type: "number" });
  const signal = given["signal"];
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw invalid("signal must be an AbortSignal, of `new AbortController()`");
  }
}
