// Who may import whom: docs/ARCHITECTURE.md, "Layers". What the compiler's project references cannot
// say stands here: parts of core that may not meet, npm packages in pure layers, cycles, orphans.
const layers = require("./tools/layers.json");

const production = "[.]test[.]ts$";
const from = (path) => ({ path, pathNot: production });

module.exports = {
  forbidden: [
    ...Object.entries(layers).map(([layer, { may }]) => ({
      name: `${layer.replace("/", "-")}-reaches-only-its-layers`,
      severity: "error",
      comment: `docs/ARCHITECTURE.md, "Layers": ${layer} may import ${may.join(", ") || "nothing but itself"}.`,
      from: from(`^${layer}/`),
      to: {
        path: "^(src/[^/]+|sim|lab|test|bench|tools)/",
        pathNot: `^(${[layer, ...may].join("|")})/`,
      },
    })),
    {
      name: "only-the-shell-touches-node",
      severity: "error",
      comment: "Pure layers know no Node.js module: they emit effects or ask a port.",
      from: from(
        `^(${Object.entries(layers)
          .filter(([, l]) => !l.node)
          .map(([name]) => name)
          .join("|")})/`,
      ),
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "core-parts-meet-only-in-node",
      severity: "error",
      comment:
        "Parts of core talk through events wired in core/node. Exceptions: core/cib (the shared model) and a part's types.ts.",
      from: from("^src/core/(?!node/)([^/]+)/"),
      to: { path: "^src/core/", pathNot: ["^src/core/$1/", "^src/core/cib/", "/types[.]ts$"] },
    },
    {
      name: "production-never-imports-tests",
      severity: "error",
      comment: "What only tests need stands in test files, or in test/.",
      from: { path: "^(src|sim|lab)/", pathNot: production },
      to: { path: "[.]test[.]ts$|^(test|bench|tools)/" },
    },
    {
      name: "pure-layers-take-only-chosen-packages",
      severity: "error",
      comment:
        "A run-time dependency has a row in docs/DEPENDENCIES.md; the pure layers take only pure ones.",
      from: from("^src/(base|formats|core|ports|agents|api|view)/"),
      to: {
        dependencyTypes: ["npm", "npm-dev", "npm-no-pkg", "unknown"],
        pathNot: "node_modules/(@noble/hashes|saxes)/",
      },
    },
    {
      name: "production-takes-no-development-package",
      severity: "error",
      comment: "devDependencies are not there on a server.",
      from: from("^(src|sim|lab)/"),
      to: { dependencyTypes: ["npm-dev"] },
    },
    {
      name: "no-cycles",
      severity: "error",
      comment: "Two files that need each other are one file, or need a third.",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-orphans",
      severity: "error",
      comment: "A file that nobody imports and that is no entry point is dead.",
      from: {
        orphan: true,
        pathNot: ["[.]d[.]m?ts$", "(^|/)main[.]ts$", "^tools/", "^bench/", production],
      },
      to: {},
    },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.test.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^dist/" },
  },
};
