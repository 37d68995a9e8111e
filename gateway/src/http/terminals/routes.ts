// The route table of the terminals' listener: every operation, and who handles it.

import { capture, refund, reverse } from "./after-sale.js";
import { confirmRenewal, enrol, renew } from "./enrolment.js";
import { terminalProfile } from "./profile.js";
import type { Route } from "./route.js";
import { authorize, inquire, status } from "./sales.js";
import { reconcile } from "./till-day.js";

export const ROUTES: readonly Route[] = [
  {
    method: "post",
    path: "/v1/authorizations",
    operation: "authorize",
    caller: "terminal",
    decides: true,
    handle: authorize,
  },
  {
    method: "get",
    path: "/v1/authorizations/:id",
    operation: "status",
    caller: "terminal",
    decides: false,
    handle: status,
  },
  {
    method: "post",
    path: "/v1/authorizations/:id/reversal",
    operation: "reverse",
    caller: "terminal",
    decides: false,
    handle: reverse,
  },
  {
    method: "post",
    path: "/v1/authorizations/:id/capture",
    operation: "capture",
    caller: "terminal",
    decides: false,
    handle: capture,
  },
  {
    method: "post",
    path: "/v1/authorizations/:id/refunds",
    operation: "refund",
    caller: "terminal",
    decides: false,
    handle: refund,
  },
  {
    method: "post",
    path: "/v1/reconciliations",
    operation: "reconcile",
    caller: "terminal",
    decides: false,
    handle: reconcile,
  },
  {
    method: "post",
    path: "/v1/inquiries",
    operation: "inquire",
    caller: "terminal",
    decides: true,
    handle: inquire,
  },
  {
    method: "get",
    path: "/v1/terminal",
    operation: "terminalProfile",
    caller: "terminal",
    decides: false,
    handle: terminalProfile,
  },
  {
    method: "post",
    path: "/v1/terminals/enrolments",
    operation: "enrol",
    caller: "stranger",
    decides: false,
    handle: enrol,
  },
  {
    method: "post",
    path: "/v1/terminal/renewal",
    operation: "renew",
    caller: "terminal",
    decides: false,
    handle: renew,
  },
  {
    method: "post",
    path: "/v1/terminal/renewal/confirmation",
    operation: "confirmRenewal",
    caller: "renewing",
    decides: false,
    handle: confirmRenewal,
  },
];
