const { spawnSync } = require('node:child_process');
const { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { commands } = require('./commands.cjs');
const { complete: completionOf, shells } = require('./completion.cjs');

const bin = path.join(__dirname, 'bin.cjs');
const repository = path.resolve(__dirname, '../..');
const tassIn = (cwd, ...words) => spawnSync(process.execPath, [bin, ...words], { cwd, encoding: 'utf8' });
const tass = (...words) => tassIn(repository, ...words);
const lines = (text) => text.split('\n').filter((line) => line !== '');
const known = commands();
const ifBuilt = Object.values(known).every(({ main }) => existsSync(main)) ? it : it.skip;

const temporary = mkdtempSync(path.join(tmpdir(), 'tass-command-'));
afterAll(() => rmSync(temporary, { recursive: true }));

it('lists the programs', () => {
  const { status, stdout } = tass('--help');
  expect(status).toBe(0);
  for (const name of ['train', 'sweep', 'evaluate', 'leaderboard', 'score', 'prepare', 'check', 'sync', 'serve'])
    expect(stdout).toContain(`  tass ${name} `);
  expect(tass()).toMatchObject({ status: 0, stdout });
});

it('knows every program that Nx runs here', () => {
  const targets = ['apps/trainer', 'apps/evaluator', 'apps/features', 'packages/tracking'].flatMap((folder) =>
    Object.entries(require(path.join(repository, folder, 'package.json')).nx.targets)
      .filter(([, { executor }]) => executor === './tools/nx-command:run')
      .map(([name]) => name),
  );
  expect(Object.keys(known).sort()).toEqual(targets.sort());
});

it('refuses what is no program', () => {
  expect(tass('constructor').stderr).toContain('tass: constructor is not a command, expected train, sweep, ');
  expect(tass('prune').status).toBe(2);
});

ifBuilt('names the program that was probably meant (needs npm run build)', () => {
  expect(tass('trian')).toMatchObject({ status: 2, stderr: expect.stringMatching(/expected train, .*\. Did you mean train\?\n$/) });
});

ifBuilt('runs a program with its own exit code (needs npm run build)', () => {
  expect(tass('train', '--exp=tass', '--oops')).toMatchObject({ status: 2, stderr: expect.stringContaining('--oops is not an option') });
  expect(tass('train', '--exp=nothing').status).toBe(1);
  expect(tass('sweep', '--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--dry-run') });
});

ifBuilt('runs where it is called, through a link as npm makes it, with every word as it was typed (needs npm run build)', () => {
  mkdirSync(path.join(temporary, 'project/deeper'), { recursive: true });
  mkdirSync(path.join(temporary, 'project/mine'));
  writeFileSync(path.join(temporary, 'project/.tassrc.yaml'), 'experiments: mine');
  writeFileSync(path.join(temporary, 'project/mine/one.yaml'), 'seed: 1');
  symlinkSync(bin, path.join(temporary, 'tass'));
  const words = ['train', '--exp=one', '--cfg', '+text="a  $(id) *"'];
  const { status, stdout } = spawnSync(process.execPath, [path.join(temporary, 'tass'), ...words], {
    cwd: path.join(temporary, 'project/deeper'),
    encoding: 'utf8',
  });
  expect([status, stdout]).toEqual([0, 'seed: 1\ntext: a  $(id) *\n']);
});

describe('in a fresh clone', () => {
  const fresh = path.join(temporary, 'fresh');
  const there = (...words) =>
    spawnSync(process.execPath, [path.join(fresh, 'tools/tass/bin.cjs'), ...words], { cwd: fresh, encoding: 'utf8' });
  beforeAll(() => {
    for (const folder of ['apps/trainer', 'apps/evaluator', 'apps/features', 'packages/tracking'])
      cpSync(path.join(repository, folder, 'package.json'), path.join(fresh, folder, 'package.json'));
    for (const file of ['tass/bin.cjs', 'tass/commands.cjs', 'tass/completion.cjs', 'nx-command/build.cjs'])
      cpSync(path.join(repository, 'tools', file), path.join(fresh, 'tools', file));
    mkdirSync(path.join(fresh, 'node_modules'));
    symlinkSync(path.join(repository, 'node_modules/typescript'), path.join(fresh, 'node_modules/typescript'));
    mkdirSync(path.join(fresh, 'apps/trainer/src'));
    const compilerOptions = {
      composite: true,
      rootDir: 'src',
      outDir: 'dist',
      tsBuildInfoFile: 'dist/tsconfig.lib.tsbuildinfo',
      types: [],
    };
    writeFileSync(path.join(fresh, 'tsconfig.base.json'), '{}');
    writeFileSync(path.join(fresh, 'apps/trainer/tsconfig.lib.json'), JSON.stringify({ compilerOptions, include: ['src/**/*.ts'] }));
    writeFileSync(
      path.join(fresh, 'apps/trainer/src/main.ts'),
      'declare const process: any; process.stdout.write(`${process.argv.slice(2)}\\n`);',
    );
  });

  it('builds the program that is asked for, and says so once', () => {
    expect(there('train', '--exp=tass')).toMatchObject({
      status: 0,
      stdout: 'train,--exp=tass\n',
      stderr: 'tass: building apps/trainer for the first time, which takes about a minute\n',
    });
    expect(there('sweep')).toMatchObject({ status: 0, stdout: 'sweep\n', stderr: '' });
  });
  it('completes and corrects nothing', () => {
    expect(there('trian').stderr).toContain('completion, help.\n');
    expect(there('complete', 'tr')).toMatchObject({ status: 0, stdout: '' });
  });
});

describe('loads no engine', () => {
  const heavy = /node_modules.(@tensorflow|onnxruntime|sharp|@huggingface|koffi)|packages.(tensor|encoders|experiment).dist/;
  const list = path.join(temporary, 'list-loaded.cjs');
  beforeAll(() => writeFileSync(list, "process.on('exit', () => console.error(Object.keys(require.cache).join('\\n')));"));
  const loaded = (...words) => {
    const { status, stderr } = spawnSync(process.execPath, ['--require', list, bin, ...words], { cwd: repository, encoding: 'utf8' });
    return [status, lines(stderr).filter((file) => heavy.test(file))];
  };
  const texts = [['--help'], ['completion', 'bash'], ...Object.keys(known).map((name) => [name, '--help'])];
  const configurations = [
    ['train', '--exp=tass', '--cfg', 'seed=2'],
    ['train', '--exp=tass', '--info=defaults'],
    ['complete', 'train', '--exp=t'],
  ];
  ifBuilt.each([...texts, ...configurations].map((words) => [words.join(' '), words]))(
    'for tass %s (needs npm run build)',
    (_line, words) => expect(loaded(...words)).toEqual([0, []]),
  );
  ifBuilt('and would see one (needs npm run build)', () => {
    const [status, files] = loaded('train', '--exp=tass', '--cfg', '--resolve');
    expect([status, files.length]).toEqual([0, expect.any(Number)]);
    expect(files).not.toEqual([]);
  });
});

describe('completion', () => {
  const complete = (...words) => completionOf(words, { ...known, completion: { options: shells } });
  const start = process.cwd();
  beforeAll(() => process.chdir(repository));
  afterAll(() => process.chdir(start));

  ifBuilt('of commands (needs npm run build)', () => expect(complete('s')).toEqual(['sweep', 'score', 'sync', 'serve']));
  ifBuilt('of shells (needs npm run build)', () => expect(complete('completion', '')).toEqual(['bash', 'zsh', 'fish']));
  ifBuilt('of options (needs npm run build)', () => expect(complete('sweep', '--re')).toEqual(['--resume', '--resume=', '--retry=']));
  ifBuilt('of experiments (needs npm run build)', () => {
    expect(complete('train', '--exp=q')).toEqual(['--exp=question-only', '--exp=quickstart']);
    expect(complete('sweep', '--exp=')[0]).toBe('--exp=ablations');
  });
  ifBuilt('of groups, options and keys (needs npm run build)', () => {
    expect(complete('train', 'optimizer=')).toEqual(['optimizer=adam', 'optimizer=adam-one-cycle', 'optimizer=adamw-cosine']);
    expect(complete('sweep', 'launcher=s')).toEqual(['launcher=slurm']);
    expect(complete('train', '--exp=tass', '++model.tsgPlus.th')).toEqual(['++model.tsgPlus.threshold=']);
    expect(complete('sweep', '--exp=ablations', 'optimizer.learn')).toEqual(['optimizer.learningRate=']);
  });
  ifBuilt('of nothing where there are no experiments (needs npm run build)', () => {
    expect(tassIn(temporary, 'complete', 'train', '--exp=')).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(tassIn(temporary, 'complete', 'train', '--re').stdout).toBe('--resume\n--resume=\n--resolve\n');
  });

  // `--oops is not an option, expected --exp=VALUE, --resume[=VALUE], --cfg; settings ...`
  ifBuilt.each(Object.keys(known))('has the options that the program itself names: %s (needs npm run build)', (name) => {
    const { stderr } = tass(name, '--oops');
    const [, own = ''] = /expected (.*?);/.exec(stderr) ?? []; // of `sync`, which has none: there are none here
    const named = [...new Set(own.match(/--[a-z-]+/g))].sort();
    const written = known[name].options.flatMap((option) => option.match(/^--[a-z-]+/) ?? []);
    const isOffered = (option) => !['--help', '--multirun'].includes(option); // named by some, known to all; sweep needs no -m
    expect([...new Set(written)].filter(isOffered).sort()).toEqual(named.filter(isOffered));
  });

  ifBuilt.each(Object.keys(known))('has options that its --help describes: %s (needs npm run build)', (name) => {
    const { stdout } = tass(name, '--help');
    const written = known[name].options.map((option) => option.match(/^--[a-z-]+/)?.[0] ?? option.split('=')[0]);
    expect(written.filter((option) => option !== '--help' && !stdout.includes(option))).toEqual([]);
  });

  it('of a shell that is not known', () => {
    for (const words of [['csh'], [], ['constructor']])
      expect(tass('completion', ...words)).toMatchObject({ status: 2, stderr: expect.stringContaining('expected bash, zsh, fish') });
  });
});

const isInstalled = (...words) => spawnSync(words[0], words.slice(1)).status === 0;
const ifBoth = (isThere) => (isThere ? ifBuilt : it.skip);
const script = (shell) => `source <(${JSON.stringify(process.execPath)} ${JSON.stringify(bin)} completion ${shell})`;

describe('in a real bash', () => {
  const ifBash = ifBoth(isInstalled('bash', '-c', '(( BASH_VERSINFO[0] >= 4 ))'));
  ifBash.each([
    ['tass sw', ['sweep']],
    ['tass train --exp=qui', ['quickstart']],
    ['tass train optimizer=', ['adam', 'adam-one-cycle', 'adamw-cosine']],
    ['tass train --exp=tass model.jtg.', ['model.jtg.stream=', 'model.jtg.context=']],
    ['tass train --exp=tass model.jtg.s', ['model.jtg.stream=']],
    ['tass sweep --exp=tass model=tass,tass-s', ['tass,tass-small']],
    ['  tass   sweep  --jobs=2 --re', ['--resume', '--resume=', '--retry=']],
    ['tass nothing --re', []],
  ])('"%s" (needs bash 4, npm run build)', (line, expected) => {
    const there = `${script('bash')}; COMP_LINE=$1 COMP_POINT=\${#1}; _tass; printf '%s\\n' "\${COMPREPLY[@]}"`;
    expect(lines(spawnSync('bash', ['-c', there, 'bash', line], { cwd: repository, encoding: 'utf8' }).stdout)).toEqual(expected);
  });

  ifBash('takes the line up to the cursor, and = for a letter where bash does (needs bash 4, npm run build)', () => {
    const there = `${script('bash')}; COMP_LINE='tass train --exp=q --cfg' COMP_POINT=18 COMP_WORDBREAKS=' '; _tass; echo "\${COMPREPLY[@]}"`;
    expect(spawnSync('bash', ['-c', there], { cwd: repository, encoding: 'utf8' }).stdout).toBe('--exp=question-only --exp=quickstart\n');
  });

  const hasScript = process.platform === 'linux' && isInstalled('script', '--version');
  ifBoth(hasScript && isInstalled('bash', '--version'))('with the Tab key (needs bash, script, npm run build)', () => {
    const input = [...preparation('bash'), ...typed, 'exit', ''].join('\n');
    const words = ['-qec', 'bash --norc --noprofile -i', '/dev/null'];
    const { stdout } = spawnSync('script', words, { cwd: repository, encoding: 'utf8', input, timeout: 240_000 });
    expect(stdout.match(/^<.*?>/gm)).toEqual(received);
  });
});

/** `tass` itself only shows what it gets. */
const preparation = (shell) => [
  script(shell),
  shell === 'zsh' ? `tass() { print -r -- "<\${(j:|:)@}>" }` : `tass() { local IFS='|'; echo "<$*>"; }`,
];
const typed = [
  'tass tra\t--exp=qui\tsee',
  'true; FOO=1 tass train --exp=tass optimizer.learn\t3',
  'tass score --predictions\t/dev/nul\t--name=a',
];
const received = [
  '<train|--exp=quickstart|see>',
  '<train|--exp=tass|optimizer.learningRate=3>',
  '<score|--predictions=/dev/null|--name=a>',
];

describe('in a real zsh', () => {
  const hasTerminals = isInstalled('zsh', '-f', '-c', 'zmodload zsh/zpty && autoload -Uz +X compinit');
  ifBoth(hasTerminals)('with the Tab key (needs zsh, npm run build)', () => {
    const lines = [...preparation('zsh'), ...typed].map((line) => `zpty -w shell ${quoted(line)}`);
    const there = [
      'zmodload zsh/zpty',
      'zpty shell zsh -f -i',
      ...lines,
      'zpty -w shell exit',
      'while zpty -r shell line; do print -r -- $line; done',
    ];
    const { stdout } = spawnSync('zsh', ['-f', '-c', there.join('\n')], { cwd: repository, encoding: 'utf8', timeout: 240_000 });
    expect(stdout.match(/^<.*?>/gm)).toEqual(received);
  });
});

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

describe('in a real fish', () => {
  ifBoth(isInstalled('fish', '--version')).each([
    ['tass sw', ['sweep']],
    ['tass train --exp=qui', ['--exp=quickstart']],
    ['tass train --exp=tass model.jtg.', ['model.jtg.stream=', 'model.jtg.context=']],
  ])('"%s" (needs fish, npm run build)', (line, expected) => {
    const there = `${quoted(process.execPath)} ${quoted(bin)} completion fish | source; complete -C ${quoted(line)}`;
    expect(lines(spawnSync('fish', ['--no-config', '-c', there], { cwd: repository, encoding: 'utf8' }).stdout)).toEqual(expected);
  });
});
