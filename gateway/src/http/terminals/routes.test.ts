// The route table and the API's description are one thing said twice; this test keeps them one.

import { OPERATIONS } from "@pass-tpe/protocol";
import { expect, test } from "vitest";
import { TEST_PROGRAMME } from "../../../../tests/support/programme.js";
import type { Answer } from "../../core/ports.js";
import { problemOf } from "./problems.js";
import { ROUTES, type RouteContext } from "./routes.js";

test("every route is described, and everything described is a route", () => {
  const routes = ROUTES.map(({ method, path, operation }) => ({
    method,
    path: path.replace(/:(\w+)/g, "{$1}"),
    operationId: operation,
  }));
  const described = OPERATIONS.filter(({ operationId }) => operationId !== "openApi").map(
    ({ method, path, operationId }) => ({ method, path, operationId }),
  );
  const byId = (a: { operationId: string }, b: { operationId: string }) =>
    a.operationId < b.operationId ? -1 : 1;
  expect(routes.toSorted(byId)).toEqual(described.toSorted(byId));
});

const ID = "0193a5f0-0000-7000-8000-000000000001";

/** Reverses through the route, over a store that gives one answer. */
function reverseOver(answer: Answer): Promise<unknown> {
  const route = ROUTES.find(({ operation }) => operation === "reverse");
  const nothing = async () => null;
  const store: RouteContext["store"] = {
    execute: async () => answer,
    status: nothing,
    place: nothing,
  };
  const clock = { nowMs: () => 0, monotonicMs: () => 0 };
  const body = { reason: "manual" };
  const call = { terminalId: "t", id: ID, body, receivedAtMonotonicMs: 0 };
  const context = { store, clock, programme: TEST_PROGRAMME, qrKeys: [] };
  return route?.handle(context, call) ?? Promise.reject(new Error("no such route"));
}

test.each([
  ["overloaded", { type: "overloaded" }, "RATE_LIMITED", 429],
  ["unavailable", { type: "unavailable", error: new Error("disk") }, "SYSTEM_ERROR", 503],
  ["not found", { type: "notFound" }, "ORIGINAL_NOT_FOUND", 404],
  ["in conflict", { type: "conflict" }, "DUPLICATE_CONFLICT", 409],
] as const)(
  "a store that is %s becomes a problem with its own status",
  async (_what, answer, code, status) => {
    const error = await reverseOver(answer).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "ProblemError", options: { code } });
    const { options } = error as { options: Parameters<typeof problemOf>[0] };
    expect(problemOf(options)).toMatchObject({ status, code });
  },
);
