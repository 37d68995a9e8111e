// Holds an answer to the API's description as it is checked in: its status, its code and its retry stand there together.

import { readFileSync } from "node:fs";
import type { Problem } from "@pass-tpe/protocol";
import { expect } from "vitest";
import { z } from "zod";

const DescriptionSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        responses: z.record(
          z.string(),
          z.object({
            content: z.record(
              z.string(),
              z.object({ examples: z.record(z.string(), z.unknown()).default({}) }),
            ),
          }),
        ),
      }),
    ),
  ),
});

const { paths } = DescriptionSchema.parse(
  JSON.parse(readFileSync(new URL("../../gateway/protocol/openapi.json", import.meta.url), "utf8")),
);

/**
 * Expects that the one operation of a path is described to answer with this problem, and to ask for the same retry.
 *
 * @param path as OpenAPI writes it, for instance `/v1/authorizations/{id}`.
 */
export function expectDescribed(path: string, { status, code, retry }: Problem): void {
  const operations = Object.values(paths[path] ?? {});
  expect(operations, path).toHaveLength(1);
  const described = operations.flatMap(({ responses }) =>
    Object.values(responses[status]?.content ?? {}).map(({ examples }) => examples[code]),
  );
  const example = { value: { status, code, retry } };
  expect(described, `${path} with HTTP ${status}`).toMatchObject([example]);
}
