// What users of other terminals and ledgers complain of or ask for, with the tests that answer it: as data and as Markdown.

import { ASKED_FOR } from "./complaints/asked-for.js";
import { BUGS } from "./complaints/bugs.js";
import { GATEWAY_SIDE } from "./complaints/gateway-side.js";
import type { Complaint } from "./complaints/row.js";
import { TERMINAL_SIDE } from "./complaints/terminal-side.js";

/** In the order of the document. */
export const COMPLAINTS: readonly {
  readonly title: string;
  readonly rows: readonly Complaint[];
}[] = [
  { title: "What users of terminal SDKs ask for most", rows: ASKED_FOR },
  { title: "Bugs that users of ledgers hit again and again", rows: BUGS },
  { title: "What is missed at the terminal", rows: TERMINAL_SIDE },
  { title: "What is missed at the gateway", rows: GATEWAY_SIDE },
];

/** The same as Markdown. */
export function complaintsDocument(): string {
  const tables = COMPLAINTS.map(({ title, rows }) =>
    [
      `## ${title}\n`,
      "| | complaint | here | tests |",
      "| --- | --- | --- | --- |",
      ...rows.map(rowOf),
      "",
    ].join("\n"),
  );
  return `${HEAD}\n${tables.join("\n")}`;
}

const HEAD = `# Complaints and their tests

What users of other terminals, gateways and ledgers complain of or ask for, what is done about it here, and the tests that
show it. \`tests/reliability/complaints.ts\` is its source; \`npx vitest run tests/reliability/complaints.test.ts --update\` writes it
anew, and without \`--update\` fails where it differs or where a test is not there.
`;

function rowOf({ id, complaint, here, tests }: Complaint): string {
  const listed = tests.map(({ file, test }) => `\`${file}\` "${test}"`).join("<br>");
  return `| ${id} | ${complaint} | ${here} | ${listed} |`;
}
