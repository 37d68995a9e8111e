// The route table and the API's description are one thing said twice; this test keeps them one.

import { OPERATIONS } from "@pass-tpe/protocol";
import { expect, test } from "vitest";
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
