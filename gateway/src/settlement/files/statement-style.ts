// How a partner's statement looks, on a screen and on A4.

export const STATEMENT_STYLE = `
:root { color-scheme: light; }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; font: 15px/1.5 system-ui, sans-serif; color: #1d2329; }
h1 { margin: 0 0 .25rem; font-size: 1.6rem; }
h2 { margin: 2rem 0 .5rem; font-size: 1.1rem; }
p { margin: 0 0 .25rem; }
figure { margin: 1.5rem 0; }
.bar { display: block; width: 100%; height: 1.75rem; }
figcaption ul { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: .5rem 0 0; padding: 0; list-style: none; }
table { width: 100%; border-collapse: collapse; }
caption { padding: 0 0 .35rem; text-align: left; color: #4a545e; }
th, td { padding: .35rem .5rem; border-bottom: 1px solid #d6dbe0; text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid #1d2329; }
.figure { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.reference { font-size: .8em; overflow-wrap: anywhere; color: #4a545e; }
.scroll { overflow-x: auto; }
@page { size: A4; margin: 15mm; }
@media print {
  body { margin: 0; max-width: none; padding: 0; font-size: 9pt; }
  svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .scroll { overflow: visible; }
  thead { display: table-header-group; }
  tr, figure { break-inside: avoid; }
  h2 { break-after: avoid; }
}
`;
