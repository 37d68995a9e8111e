import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PUBLIC_CODES } from "../outcomes/index.js";
import { parseQrToken } from "../standards/index.js";
import { COMPONENTS, type ComponentName } from "./components.js";
import { API_VERSION, openApiDocument } from "./document.js";
import { AUTHORIZATION_REQUESTS } from "./example-requests.js";
import { EXAMPLES } from "./examples.js";
import { OPERATIONS } from "./operations.js";

const readJson = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));

/** The document as its readers get it. */
const document: unknown = JSON.parse(JSON.stringify(openApiDocument()));

interface Found {
  readonly key: string;
  readonly value: unknown;
  readonly parent: object;
}

/** Every member of every object, however deep. */
function* members(node: unknown): Generator<Found> {
  if (typeof node !== "object" || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    yield { key, value, parent: node };
    yield* members(value);
  }
}

function at(pointer: string): unknown {
  const keys = pointer.replace(/^#\//, "").split("/");
  return keys.reduce<unknown>(
    (node, key) =>
      typeof node === "object" && node !== null
        ? Object.entries(node).find(([k]) => k === key)?.[1]
        : undefined,
    document,
  );
}

const nameOf = (value: unknown): ComponentName => {
  const name = String(value).replace("#/components/schemas/", "");
  if (!(name in COMPONENTS)) throw new Error(`${String(value)} is no component`);
  return name as ComponentName;
};

test("openapi.json is what the schemas say: after a change, build and run `npm run openapi`", () => {
  expect(document).toEqual(readJson("../../openapi.json"));
});

test("the document has the version of the package", () => {
  expect(readJson("../../package.json")).toMatchObject({ version: API_VERSION });
});

test("every reference leads to something", () => {
  const refs = [...members(document)].filter(({ key }) => key === "$ref");
  expect(refs.length).toBeGreaterThan(OPERATIONS.length);
  for (const { value } of refs) expect([value, at(String(value))]).not.toContain(undefined);
});

test("every path parameter is declared, and none that the path does not have", () => {
  for (const { method, path } of OPERATIONS) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const operation = openApiDocument().paths[path]?.[method];
    const declared = [...members(operation)]
      .filter(({ key, value }) => key === "in" && value === "path")
      .map(({ parent }) => parent);
    expect(declared).toEqual(
      named.map((name) => expect.objectContaining({ name, required: true })),
    );
  }
});

test("every operation has an id of its own and answers 200 and at least one problem", () => {
  const ids = OPERATIONS.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  const refusal = { content: { "application/problem+json": {} } };
  for (const { method, path, operationId } of OPERATIONS) {
    const operation = openApiDocument().paths[path]?.[method];
    expect(operation).toMatchObject({ responses: { 200: {}, 403: refusal } });
    if (operationId === "enrol") expect(operation).toMatchObject({ security: [] });
    else expect(operation).toMatchObject({ responses: { 401: refusal } });
  }
});

test("an enrolment is the one operation that needs no certificate", () => {
  const open = [...members(document)].filter(({ key }) => key === "security");
  expect(open.map(({ value }) => value)).toEqual([[{ terminalCertificate: [] }], []]);
});

test("every example has the form of its schema", () => {
  const contents = [...members(document)].filter(
    ({ key, parent }) => key === "examples" && "schema" in parent,
  );
  let checked = 0;
  for (const { value, parent } of contents) {
    const [ref] = [...members(parent)].filter(({ key }) => key === "$ref");
    const schema = COMPONENTS[nameOf(ref?.value)];
    for (const [name, example] of Object.entries(Object(value))) {
      expect([name, schema.safeParse(Object(example).value).error]).toEqual([name, undefined]);
      checked += 1;
    }
  }
  expect(checked).toBeGreaterThan(Object.keys(EXAMPLES).length);
});

test("every message of an operation has an example", () => {
  const travelling = OPERATIONS.filter(({ operationId }) => operationId !== "openApi").flatMap(
    ({ request, answer }) => [request, answer].filter((schema) => schema !== null),
  );
  const shown = Object.keys(EXAMPLES).map((name) => COMPONENTS[nameOf(name)]);
  expect(new Set(travelling)).toEqual(new Set(shown));
});

test("the example of a scan carries a token that a terminal would take", () => {
  expect(parseQrToken(AUTHORIZATION_REQUESTS.qr.value.evidence.token).ok).toBe(true);
});

test("every public code is listed with its meaning", () => {
  const listed = at("#/x-result-codes");
  expect(listed).toEqual(
    PUBLIC_CODES.map((code) =>
      expect.objectContaining({ code, meaning: expect.stringMatching(/\.$/) }),
    ),
  );
});

test("requests refuse unknown fields, answers do not", () => {
  expect(at("#/components/schemas/AuthorizationRequest/additionalProperties")).toBe(false);
  expect(at("#/components/schemas/AuthorizationAnswer/additionalProperties")).toBeUndefined();
});
