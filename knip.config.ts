// Exported names and dependencies that nobody uses are errors. An import in an example of a README counts as a use.
const importsOf = (markdown: string) => (markdown.match(/^import [^;]* from '[^']*';$/gm) ?? []).join('\n');
const startedByPath = ['src/**/*main.ts', 'src/commands/*.ts', 'src/feature-job.ts', '{src/**/,}fixtures/*.{cjs,ts}', 'src/*.cjs'];
const code = {
  includeEntryExports: true,
  entry: [...startedByPath, 'README.md'],
  project: ['src/**/*.{ts,cjs}', 'fixtures/*.cjs'],
};
const app = { ...code, includeEntryExports: false, entry: [...code.entry, 'src/{*-command,programs,start-training}.ts'] }; // loaded when asked for

export default {
  compilers: { md: importsOf },
  workspaces: {
    '.': { entry: 'tools/*/{*.cjs,fixtures/*.mjs}', project: 'tools/**/*.{cjs,mjs}' },
    'packages/*': code,
    'packages/tensor': { ...code, ignoreDependencies: ['onnxruntime-node'] }, // whose C library is opened by its path
    'apps/*': app,
    'apps/evaluator': { ...app, ignoreUnresolved: [/jest\.environment\.cjs$/] }, // jest looks for it from the project's folder
    'packages/baselines': { ...code, includeEntryExports: false, entry: [...code.entry, 'src/networks/*.ts'] }, // found in their folder
    bench: { entry: ['**/*.cjs', 'README.md'] },
  },
  ignoreDependencies: ['prettier', 'sharp'], // run by hand; of tools/bench, hoisted
  ignoreBinaries: ['ffmpeg', 'mount', 'umount', 'mkfifo', 'chromium', 'nvidia-smi', 'script', 'gcc', 'unshare'],
};
