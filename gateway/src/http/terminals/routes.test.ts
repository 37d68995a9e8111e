// The route table and the API's description are one thing said twice; this test keeps them one.

import { OPERATIONS } from "@pass-tpe/protocol";
import { describe, expect, test } from "vitest";
import { TEST_PROGRAMME } from "../../../../tests/support/programme.js";
import type { Answer } from "../../core/ports.js";
import type { Enrolment } from "./ports.js";
import { problemOf } from "./problems.js";
import type { RouteContext } from "./route.js";
import { ROUTES } from "./routes.js";

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

const DAY = "2023-03-29";
const DAY_MS = { fromMs: 1_000, toMs: 2_000 };

/** What a terminal sends on each route of an earlier sale. */
const SENT = {
  reverse: { reason: "manual" },
  capture: { amountCents: 500 },
  refund: { id: "0193a5f0-0000-7000-8000-000000000002", amountCents: 500 },
};

const never = () => Promise.reject(new Error("not on these routes"));
const NO_ENROLMENT: Enrolment = { enrol: never, renew: never, confirm: never, renewing: never };

/** Calls a route over a store that gives one answer, and remembers what it was asked. */
function callOver(
  answer: Answer,
  { operation, body, id = ID }: { operation: string; body: unknown; id?: string },
) {
  const asked: unknown[] = [];
  const nothing = async () => null;
  const store: RouteContext["store"] = {
    execute: async (command) => {
      asked.push(command);
      return answer;
    },
    status: nothing,
    place: nothing,
    tillDay: async (query) => {
      asked.push(query);
      return { moves: [], held: 2 };
    },
  };
  const context: RouteContext = {
    store,
    clock: { nowMs: () => 0, monotonicMs: () => 0 },
    programme: TEST_PROGRAMME,
    qrKeys: () => [],
    enrolment: NO_ENROLMENT,
    windowOfDays: (firstDay, lastDay) => ({ ...DAY_MS, firstDay, lastDay }),
  };
  const route = ROUTES.find((one) => one.operation === operation);
  if (!route) throw new Error(`no route ${operation}`);
  const call = { terminalId: "t", certificate: "c", id, body, receivedAtMonotonicMs: 0 };
  return { asked, reply: route.handle(context, call) };
}

describe.each(Object.entries(SENT))("%s", (operation, body) => {
  test.each([
    ["overloaded", { type: "overloaded", retryAfterMs: 7 }, "RATE_LIMITED", 429],
    ["asked too often", { type: "tooMany", retryAfterMs: 7 }, "RATE_LIMITED", 429],
    ["unavailable", { type: "unavailable", error: new Error("disk") }, "SYSTEM_ERROR", 503],
    ["not found", { type: "notFound" }, "ORIGINAL_NOT_FOUND", 404],
    ["in conflict", { type: "conflict" }, "DUPLICATE_CONFLICT", 409],
  ] as const)(
    "over a store that is %s is a problem with its own status",
    async (_what, answer, code, status) => {
      const { reply } = callOver(answer, { operation, body });
      const error = await reply.catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name: "ProblemError", options: { code } });
      const { options } = error as { options: Parameters<typeof problemOf>[0] };
      expect(problemOf(options)).toMatchObject({ status, code });
    },
  );

  test("of something that is no id is refused before the store is asked", async () => {
    const { asked, reply } = callOver({ type: "notFound" }, { operation, body, id: "42" });
    await expect(reply).rejects.toMatchObject({ options: { code: "FORMAT_ERROR" } });
    expect(asked).toEqual([]);
  });
});

test("a refund says in its own words what is not found, and what its id stands for", async () => {
  const asked = { operation: "refund", body: SENT.refund };
  const { reply: missing } = callOver({ type: "notFound" }, asked);
  await expect(missing).rejects.toThrow(/^No terminal of this partner/);
  const { reply: conflict } = callOver({ type: "conflict" }, asked);
  await expect(conflict).rejects.toThrow(/another refund/);
});

test("who asks is the calling terminal; a refund is looked for at its whole partner", async () => {
  const asker = { kind: "terminal", terminalId: "t" };
  const commands = Object.entries(SENT).map(([operation, body]) => {
    const { asked, reply } = callOver({ type: "notFound" }, { operation, body });
    reply.catch(() => undefined);
    return asked[0];
  });
  expect(commands).toEqual([
    { type: "reverse", terminalId: "t", id: ID, reason: "manual", asker },
    { type: "capture", terminalId: "t", id: ID, request: SENT.capture, asker },
    { type: "refund", of: { terminalId: null, id: ID }, request: SENT.refund, asker },
  ]);
});

test("a reconciliation asks for the Paris day, and gives the comparison", async () => {
  const body = { day: DAY, totals: [] };
  const { asked, reply } = callOver({ type: "notFound" }, { operation: "reconcile", body });
  expect(await reply).toEqual({
    body: {
      day: DAY,
      terminalId: "t",
      agreed: true,
      totals: [],
      held: 2,
      moves: [],
      morePages: false,
    },
  });
  expect(asked).toEqual([{ terminalId: "t", ...DAY_MS }]);
});
