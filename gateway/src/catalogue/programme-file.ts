// Reads the programme from a file; what is wrong in it is told by file and line.

import { readFileSync } from "node:fs";
import {
  findNodeAtLocation,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import { CatalogueError } from "./catalogue-error.js";
import type { Misfit } from "./consistency.js";
import { loadProgramme } from "./programme.js";

const STRICT_JSON = { disallowComments: true, allowTrailingComma: false };

/**
 * Reads and checks a programme file, JSON in UTF-8, and gives its data.
 *
 * @throws CatalogueError whose every line is `file:line: path: reason`; a system error where it cannot be read.
 */
export function readProgrammeFile(path: string): unknown {
  const text = readFileSync(path, "utf8");
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, STRICT_JSON);
  const [first] = errors;
  if (first || tree === undefined) {
    const line = lineOf(text, first?.offset ?? 0);
    const reason = first ? printParseErrorCode(first.error) : "the file is empty";
    throw new CatalogueError([{ path: [], reason }], () => `${path}:${line}`);
  }
  const data: unknown = JSON.parse(text);
  try {
    loadProgramme(data);
  } catch (error) {
    if (!(error instanceof CatalogueError)) throw error;
    throw new CatalogueError(error.misfits, (misfit) => placeIn({ path, text, tree, misfit }));
  }
  return data;
}

function placeIn(input: {
  readonly path: string;
  readonly text: string;
  readonly tree: Node;
  readonly misfit: Misfit;
}): string {
  const { path, text, tree, misfit } = input;
  const line = lineOf(text, nearest(tree, misfit.path).offset);
  return `${path}:${line}: ${misfit.path.join(".")}`;
}

/** The node at a path, or the nearest one above it that is there. */
function nearest(tree: Node, path: readonly (string | number)[]): Node {
  for (let length = path.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(tree, [...path.slice(0, length)]);
    if (node) return node;
  }
  return tree;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
