// XML that banks exchange: read strictly, without document types or entities, by paths of element names; text written.

import { DOMParser, type Element, type Node, onWarningStopParsing } from "@xmldom/xmldom";

type ParsedXml =
  | { readonly type: "document"; readonly root: Element }
  | { readonly type: "refused"; readonly detail: string };

/** Control characters other than tab and line ends, which XML 1.0 does not allow. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const FORBIDDEN_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;

/**
 * Parses a whole document. A document type is refused unseen: with it come entities, which can read files or grow
 * without end, and no payment message has one.
 */
export function parseXml(xml: string): ParsedXml {
  if (xml.includes("<!DOCTYPE") || xml.includes("<!ENTITY")) {
    return { type: "refused", detail: "the XML has a document type; send it without DOCTYPE" };
  }
  if (FORBIDDEN_CHARACTERS.test(xml)) {
    return { type: "refused", detail: "the XML has control characters, which XML 1.0 forbids" };
  }
  try {
    const parser = new DOMParser({ onError: onWarningStopParsing, locator: false });
    const text = xml.startsWith("\ufeff") ? xml.slice(1) : xml;
    const root = parser.parseFromString(text, "application/xml").documentElement;
    return root
      ? { type: "document", root }
      : { type: "refused", detail: "the XML has no root element" };
  } catch {
    // What the parser says quotes the document, which is not for logs and screens.
    return { type: "refused", detail: "the XML is malformed; ask the bank for the file again" };
  }
}

/** The child elements, in the order of the document. */
export function childElements(parent: Element): readonly Element[] {
  const children: Element[] = [];
  for (let node: Node | null = parent.firstChild; node; node = node.nextSibling) {
    if (node.nodeType === node.ELEMENT_NODE) children.push(node as Element);
  }
  return children;
}

/** All elements at a path below one, for instance `TxInfAndSts/StsRsnInf`, in the namespace of that one. */
export function elementsAt(from: Element, path: string): readonly Element[] {
  let found = [from];
  for (const name of path.split("/")) {
    const below: Element[] = [];
    for (const element of found) collectChildren(element, name, below);
    found = below;
  }
  return found;
}

/** Reports of banks have tens of thousands of elements: no list is made on the way. */
function collectChildren(parent: Element, name: string, into: Element[]): void {
  for (let node: Node | null = parent.firstChild; node; node = node.nextSibling) {
    if (node.nodeType !== node.ELEMENT_NODE) continue;
    const child = node as Element;
    if (child.localName === name && child.namespaceURI === parent.namespaceURI) into.push(child);
  }
}

/** The text of the only element at a path; null where there is none, or more than one. */
export function textAt(from: Element, path: string): string | null {
  const [element, second] = elementsAt(from, path);
  return element && !second ? (element.textContent ?? "").trim() : null;
}

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Text as the content of an element. */
export function escaped(text: string): string {
  return text.replace(/[&<>]/g, (sign) => ESCAPES[sign] ?? sign);
}
