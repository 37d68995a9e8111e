// Which way imports may run. Each rule carries its reason; the picture is docs/ARCHITECTURE.md.
const gatewayPart = (name) => `^gateway/src/${name}/`;

/** Programs of this repository: they are in no package. */
const RUN_A_GATEWAY = [
  "^simulators/src/(demo|chaos|cluster|days|failover)/",
  "^simulators/src/ledger-facts\\.ts$",
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-circles",
      comment: "A circle means that two files are one thing, or that one of them knows too much.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "protocol-stands-alone",
      comment: "Both ends embed the protocol; it may need zod and node:crypto and nothing else.",
      severity: "error",
      // openapi/write.ts is the build step that writes the checked-in document.
      from: { path: "^gateway/protocol/src/", pathNot: ["\\.test\\.ts$", "/openapi/write\\.ts$"] },
      to: {
        pathNot: [
          "^gateway/protocol/src/",
          "node_modules/zod/",
          "^(node:)?crypto$",
          "^(node:)?buffer$",
        ],
      },
    },
    {
      name: "core-is-pure",
      comment:
        "The decision has no clock, disk, network or key; it imports itself and the protocol.",
      severity: "error",
      from: { path: gatewayPart("core"), pathNot: "\\.test\\.ts$" },
      to: { pathNot: [gatewayPart("core"), "^gateway/protocol/src/", "@pass-tpe/protocol"] },
    },
    {
      name: "store-and-crypto-know-only-the-core",
      comment: "They serve ports that the core declares; they know neither HTTP nor each other.",
      severity: "error",
      from: { path: "^gateway/src/(store|crypto)/", pathNot: "\\.test\\.ts$" },
      to: { path: "^gateway/src/", pathNot: ["^gateway/src/core/", "^gateway/src/$1/"] },
    },
    {
      name: "archive-knows-only-the-ledger's-files",
      comment:
        "It copies files and reads a format that is published: no row, no key and no driver is its business.",
      severity: "error",
      from: { path: gatewayPart("archive"), pathNot: "\\.test\\.ts$" },
      to: {
        path: "^gateway/src/",
        pathNot: [
          "^gateway/src/core/",
          "^gateway/src/archive/",
          "^gateway/src/store/ledger-files\\.ts$",
        ],
      },
    },
    {
      name: "settlement-knows-only-the-core",
      comment:
        "Money is owed by rules in the core and kept by a store behind the core's port; this part has the calendar and the files.",
      severity: "error",
      from: { path: gatewayPart("settlement"), pathNot: "\\.test\\.ts$" },
      to: { path: "^gateway/src/", pathNot: ["^gateway/src/core/", "^gateway/src/settlement/"] },
    },
    {
      name: "registry-knows-core-and-crypto",
      comment:
        "It checks and seals what is sent; the store is a port that it is given, HTTP is above it.",
      severity: "error",
      from: { path: gatewayPart("registry"), pathNot: "\\.test\\.ts$" },
      to: { path: "^gateway/src/", pathNot: "^gateway/src/(core|crypto|registry)/" },
    },
    {
      name: "http-knows-no-store",
      comment: "The edge speaks to ports; the composition root hands it the implementations.",
      severity: "error",
      from: { path: gatewayPart("http"), pathNot: "\\.test\\.ts$" },
      to: { path: "^gateway/src/", pathNot: ["^gateway/src/core/", "^gateway/src/http/"] },
    },
    {
      name: "drivers-stay-in-their-place",
      comment: "A driver's types never cross the store's port.",
      severity: "error",
      from: { pathNot: "^gateway/src/store/sqlite/" },
      to: { path: "node_modules/better-sqlite3/" },
    },
    {
      name: "the-other-driver-stays-in-its-place",
      comment: "As above, for PostgreSQL's.",
      severity: "error",
      // Tests make databases, and look past the driver; so does what a failover run asks past its gateways.
      from: {
        pathNot: [
          "^gateway/src/store/postgres/",
          "^tests/",
          "^simulators/src/failover/(former|uncovered)\\.ts$",
        ],
      },
      to: { path: ["node_modules/pg/", "node_modules/@types/pg/"] },
    },
    {
      name: "shared-sql-knows-no-engine",
      comment: "What it says means the same on each of them; whatever differs is an adapter's.",
      severity: "error",
      from: { path: "^gateway/src/store/sql/" },
      to: { path: "^gateway/src/store/(memory|sqlite|postgres)/" },
    },
    {
      name: "sdk-knows-only-the-protocol",
      comment: "No Express and no SQLite on a till.",
      severity: "error",
      from: { path: "^terminal-sdk/src/" },
      to: {
        path: [
          "^gateway/src/",
          "^simulators/",
          "^fixtures/",
          "node_modules/(express|better-sqlite3|pg)/",
        ],
      },
    },
    {
      name: "sdk-certifies-in-one-place",
      comment:
        "Certificate requests and PKCS#12 are enrolment's; selling needs nothing of node-forge.",
      severity: "error",
      from: { path: "^terminal-sdk/src/", pathNot: "^terminal-sdk/src/(enrolment|test-kit)/" },
      to: { path: "node_modules/node-forge/" },
    },
    {
      name: "simulators-use-public-faces",
      comment:
        "They stand on top of protocol, SDK and gateway, and know no more of them than they publish.",
      severity: "error",
      from: { path: "^simulators/src/", pathNot: ["^simulators/src/demo/", "\\.test\\.ts$"] },
      to: {
        path: [
          "^gateway/src/(?!(index|parts)\\.ts$)",
          "^terminal-sdk/src/(?!index\\.ts$)",
          "^fixtures/",
        ],
      },
    },
    {
      name: "simulators-run-a-gateway-in-few-places",
      comment:
        "An integrator's CI installs the simulators and no gateway: only programs of this repository start or read one.",
      severity: "error",
      from: { path: "^simulators/src/", pathNot: [...RUN_A_GATEWAY, "\\.test\\.ts$"] },
      to: { path: "^gateway/src/" },
    },
    {
      name: "what-is-published-runs-no-gateway",
      comment:
        "What the package exports must not reach what needs a gateway: that is left out of it.",
      severity: "error",
      from: { path: "^simulators/src/", pathNot: [...RUN_A_GATEWAY, "\\.test\\.ts$"] },
      to: { path: RUN_A_GATEWAY },
    },
    {
      name: "checker-stands-alone",
      comment:
        "Its model of the rules is its own: whatever it shared with what it judges, it could not see wrong.",
      severity: "error",
      from: { path: "^simulators/src/checker/", pathNot: "\\.test\\.ts$" },
      to: { pathNot: "^simulators/src/checker/" },
    },
    {
      name: "fixtures-are-for-tests-and-the-demo",
      comment: "Product code that needs a fixture is not product code.",
      severity: "error",
      from: {
        path: "^(gateway|terminal-sdk|simulators)/",
        pathNot: ["\\.test\\.ts$", "^simulators/src/demo/"],
      },
      to: { path: "^fixtures/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "/dist/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: require("node:path").join(__dirname, "tests/tsconfig.json") },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["pass-tpe-source", "import", "node", "default"],
    },
  },
};
