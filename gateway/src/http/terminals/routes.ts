// The route table of the terminals' listener: every operation, and who handles it.

import { capture, refund, reverse } from "./after-sale.js";
import { terminalProfile } from "./profile.js";
import type { Route } from "./route.js";
import { authorize, inquire, status } from "./sales.js";
import { reconcile } from "./till-day.js";

export const ROUTES: readonly Route[] = [
  {
    method: "post",
    path: "/v1/authorizations",
    operation: "authorize",
    decides: true,
    handle: authorize,
  },
  {
    method: "get",
    path: "/v1/authorizations/:id",
    operation: "status",
    decides: false,
    handle: status,
  },
  {
    method: "post",
    path: "/v1/authorizations/:id/reversal",
    operation: "reverse",
    decides: false,
    handle: reverse,
  },
  {
    method: "post",
    path: "/v1/authorizations/:id/capture",
    operation: "capture",
    decides: false,
    handle: capture,
  },
  {
    method: "post",
    path: "/v1/authorizations/:id/refunds",
    operation: "refund",
    decides: false,
    handle: refund,
  },
  {
    method: "post",
    path: "/v1/reconciliations",
    operation: "reconcile",
    decides: false,
    handle: reconcile,
  },
  { method: "post", path: "/v1/inquiries", operation: "inquire", decides: true, handle: inquire },
  {
    method: "get",
    path: "/v1/terminal",
    operation: "terminalProfile",
    decides: false,
    handle: terminalProfile,
  },
];
