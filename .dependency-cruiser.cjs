// Who may import whom, so that it stays true. Paths are of files in src/.
const FEATURES =
  '^src/(?!(common|config|database|logging|realtime|dialects|console|docs|health|metrics|tracing|testing)/)[^/]+/';
/** Runs in browsers, and is built with all that it needs. */
const CONSOLE_APP = '^src/console/app/';
const SHELL = '^src/[^/]+\\.ts$';
const DIALECT_CONTRACT = '^src/dialects/(dialect|frame)\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'What needs each other cannot be understood, tested or changed one at a time.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A file that nothing imports is not part of the program.',
      from: { orphan: true, pathNot: ['\\.spec\\.ts$', '/public/'] },
      to: {},
    },
    {
      name: 'only-what-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-development-packages',
      severity: 'error',
      comment: 'The program runs where only `dependencies` are installed.',
      from: { path: '^src/', pathNot: ['\\.spec\\.ts$', '^src/testing/', CONSOLE_APP] },
      to: { dependencyTypes: ['npm-dev'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'only-the-test-kit-needs-what-suites-bring-along',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/testing/', CONSOLE_APP] },
      to: { dependencyTypes: ['npm-peer'] },
    },
    {
      name: 'nobody-imports-the-test-kit',
      severity: 'error',
      comment: 'It puts up the whole house, and is for test suites: ours, and by `parlance/testing` those of others.',
      from: { path: '^src/', pathNot: '^src/testing/' },
      to: { path: '^src/testing/' },
    },
    {
      name: 'no-imports-of-tests',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: ['\\.spec\\.ts$', '^test/'] },
    },
    {
      name: 'nobody-imports-the-shell',
      severity: 'error',
      comment: 'main, application and app.module put the rooms together; no room knows of the house.',
      from: { pathNot: [SHELL, '^src/testing/'] },
      to: { path: SHELL },
    },
    {
      name: 'common-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^src/common/' },
      to: { path: '^src/', pathNot: '^src/common/' },
    },
    {
      name: 'config-imports-common-only',
      severity: 'error',
      from: { path: '^src/config/' },
      to: { path: '^src/', pathNot: '^src/(config|common)/' },
    },
    {
      name: 'ground-floor',
      severity: 'error',
      comment: 'The database and the log carry the rooms, and know of none.',
      from: { path: '^src/(database|logging)/' },
      to: { path: '^src/', pathNot: ['^src/(config|common)/', '^src/$1/'] },
    },
    {
      name: 'events-import-nothing-of-ours',
      severity: 'error',
      comment: 'The catalogue of what may happen is for everyone to read; it names nobody.',
      from: { path: '^src/realtime/events\\.ts$' },
      to: { path: '^src/', pathNot: '^src/common/' },
    },
    {
      name: 'the-engine-knows-no-feature-and-no-dialect',
      severity: 'error',
      comment: 'It knows what a dialect is, not which there are; features fill its ports.',
      from: { path: '^src/realtime/' },
      to: { path: '^src/', pathNot: ['^src/(realtime|config|common)/', DIALECT_CONTRACT] },
    },
    {
      name: 'features-know-of-the-engine-what-it-offers-them',
      severity: 'error',
      comment:
        'What has happened, how to tell, count and follow it, what the engine asks of them, what it lets admins see, and how clients name conversations.',
      from: { path: FEATURES, pathNot: '\\.spec\\.ts$' }, // tests put the real engine below them
      to: {
        path: '^src/realtime/',
        pathNot:
          '^src/realtime/(events|meters|tracer|publisher|ports|validators|oversight|usage-tally|connection-usage)\\.ts$',
      },
    },
    {
      name: 'features-import-no-other-rooms',
      severity: 'error',
      from: { path: FEATURES },
      to: { path: '^src/', pathNot: [FEATURES, '^src/(config|common|database|realtime)/'] },
    },
    {
      name: 'only-the-list-of-rooms-imports-dialects',
      severity: 'error',
      comment: 'A new dialect is one new folder and one line in app.module.ts.',
      from: { pathNot: ['^src/app\\.module\\.ts$', '^src/index\\.ts$', '^src/dialects/', '^src/testing/', '^test/'] },
      to: { path: '^src/dialects/', pathNot: DIALECT_CONTRACT },
    },
    {
      name: 'a-dialect-knows-no-other',
      severity: 'error',
      from: { path: '^src/dialects/([^/]+)/' },
      to: { path: '^src/dialects/', pathNot: ['^src/dialects/$1/', DIALECT_CONTRACT] },
    },
    {
      name: 'dialects-leave-the-database-to-the-features',
      severity: 'error',
      from: { path: '^src/dialects/' },
      to: { path: ['^src/(database|logging|console|health)/', '\\.(entity|repository)\\.ts$'] },
    },
    {
      name: 'documents-are-made-of-what-the-engine-knows',
      severity: 'error',
      comment: 'Of controllers by the framework, of dialects by the registry: a new one is in them by itself.',
      from: { path: '^src/docs/' },
      to: {
        path: '^src/',
        pathNot: ['^src/(docs|common)/', '^src/auth/access\\.ts$', '^src/realtime/registry\\.ts$', DIALECT_CONTRACT],
      },
    },
    {
      name: 'metrics-and-traces-are-leaves',
      severity: 'error',
      comment: 'Who counts does not know who reads it, nor who is followed who follows.',
      from: { path: '^src/(metrics|tracing)/' },
      to: { path: '^src/', pathNot: ['^src/$1/', '^src/(config|common|database|realtime)/', '^src/auth/access\\.ts$'] },
    },
    {
      name: 'the-console-in-the-browser-knows-the-wire-only',
      severity: 'error',
      comment: 'It is a client like any other: what it knows of the server is in the documents.',
      from: { path: CONSOLE_APP },
      to: { path: '^src/', pathNot: CONSOLE_APP },
    },
    {
      name: 'console-and-health-are-leaves',
      severity: 'error',
      from: { path: '^src/(console|health)/' },
      to: { path: '^src/', pathNot: ['^src/$1/', '^src/(config|common|database)/', '^src/auth/access\\.ts$'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|src/console/public)/' },
    tsPreCompilationDeps: true, // what only types need is a dependency too
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
