// Builds the OpenAPI 3.1 document of the terminal API from the schemas, the operations and the result codes.

import { codesAsMarkdown, listedCodes } from "./codes.js";
import { componentSchemas, refTo } from "./components.js";
import { RETRY_MEANINGS } from "./meanings.js";
import { OPERATIONS, type Operation } from "./operations.js";
import { contentOf, responsesOf } from "./responses.js";

/** The version of the API that the document describes: that of this package. */
export const API_VERSION = "0.1.0";

const DESCRIPTION = [
  "What a payment terminal asks of the Pass'Région gateway, over TLS with the terminal's own certificate.",
  "A **decision is HTTP 200**, approved or declined. 4xx and 5xx are for what is not a decision, as problem " +
    "documents (RFC 9457) that carry the same `code`, `retry` and till lines.",
  "A path or method that is not listed here is a 404 with `OPERATION_NOT_SUPPORTED`.",
  "Requests are strict: an unknown field is refused. Answers may gain fields and codes: read them tolerantly.",
].join("\n\n");

/** An OpenAPI 3.1 document, as plain data. */
interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

/** The document, new each time: plain data that may be changed into JSON as it is. */
export function openApiDocument(): OpenApiDocument {
  const document = {
    openapi: "3.1.0",
    info: {
      title: "Pass'Région terminal API",
      version: API_VERSION,
      description: DESCRIPTION,
      license: { name: "MIT", identifier: "MIT" },
    },
    security: [{ terminalCertificate: [] }],
    tags: [{ name: "Result codes", description: codesAsMarkdown() }],
    paths: paths(),
    components: {
      securitySchemes: {
        terminalCertificate: {
          type: "mutualTLS",
          description: "The terminal's certificate, which the gateway issued, is its identity.",
        },
      },
      schemas: componentSchemas(),
    },
    "x-result-codes": listedCodes(),
    "x-retry-classes": RETRY_MEANINGS,
  };
  return document;
}

function paths(): Record<string, Record<string, object>> {
  const byPath: Record<string, Record<string, object>> = {};
  for (const operation of OPERATIONS) {
    const item = byPath[operation.path] ?? {};
    item[operation.method] = operationObject(operation);
    byPath[operation.path] = item;
  }
  return byPath;
}

function operationObject(operation: Operation): object {
  const { operationId, summary, description, path, request, problems } = operation;
  const asksWho = problems.some(({ status }) => status === 401);
  const parameters = path.includes("{id}") ? [ID_PARAMETER] : [];
  return {
    operationId,
    summary,
    description,
    ...(asksWho ? {} : { security: [] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(request === null
      ? {}
      : { requestBody: { required: true, content: { "application/json": contentOf(request) } } }),
    responses: responsesOf(operation),
  };
}

const ID_PARAMETER = {
  name: "id",
  in: "path",
  required: true,
  description: "The id that the terminal gave the sale.",
  schema: refTo("AttemptId"),
};
