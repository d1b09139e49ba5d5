const { spawnSync } = require('node:child_process');
const { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const repository = path.resolve(__dirname, '../..');
const workspace = mkdtempSync(path.join(tmpdir(), 'tass-nx-worktree-'));
afterAll(() => rmSync(workspace, { recursive: true }));

const checkout = (folder) => {
  const write = (file, content) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), JSON.stringify(content));
  };
  write('package.json', { name: 'workspace', private: true, workspaces: ['packages/*'] });
  write('packages/one/package.json', { name: '@x/one', nx: { name: 'one' } });
  copyFileSync(path.join(repository, 'tools/project.json'), path.join(folder, 'packages/project.json'));
};

function projects() {
  const nxFolder = path.dirname(require.resolve('nx/package.json'));
  const bin = path.join(nxFolder, require('nx/package.json').bin.nx);
  const env = { ...process.env, NX_DAEMON: 'false', NX_WORKSPACE_ROOT_PATH: '' };
  const { stdout, stderr } = spawnSync(process.execPath, [bin, 'show', 'projects', '--json'], { cwd: workspace, env, encoding: 'utf8' });
  return stdout.startsWith('[') ? JSON.parse(stdout).sort() : stdout + stderr;
}

it('Nx passes over git worktrees inside the checkout', () => {
  symlinkSync(path.join(repository, 'node_modules'), path.join(workspace, 'node_modules'), 'dir');
  writeFileSync(path.join(workspace, 'nx.json'), JSON.stringify({ neverConnectToCloud: true, analytics: false, tui: { enabled: false } }));
  for (const folder of ['', 'worktree', '.worktrees/one', 'packages/one/worktree']) checkout(path.join(workspace, folder));
  expect(projects()).toMatch(/The following projects are defined in multiple locations/); // so that the line in .nxignore is needed
  copyFileSync(path.join(repository, '.nxignore'), path.join(workspace, '.nxignore'));
  expect(projects()).toEqual(['one', 'tools']);
});

it('jest runs no specs of a git worktree among the packages', () => {
  const root = path.join(workspace, 'jest');
  const write = (file, content = '') => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), content);
  };
  const packages = ['packages/one', 'apps/two', 'tools', 'bench'];
  for (const folder of ['.', 'packages/worktree', 'apps/worktree']) {
    write(`${folder}/.git`);
    copyFileSync(path.join(repository, 'jest.config.cjs'), path.join(root, folder, 'jest.config.cjs'));
    for (const name of packages) {
      write(`${folder}/${name}/jest.config.cjs`, 'module.exports = { rootDir: __dirname, testMatch: ["<rootDir>/*.spec.cjs"] }');
      write(`${folder}/${name}/a.spec.cjs`);
    }
  }
  const { stdout } = spawnSync(process.execPath, [require.resolve('jest/bin/jest'), '--listTests'], { cwd: root, encoding: 'utf8' });
  expect(stdout.trim().split('\n').sort()).toEqual(packages.map((name) => path.join(root, name, 'a.spec.cjs')).sort());
});

it('jest runs no specs of a git worktree in the folder of tools', () => {
  const tools = path.join(workspace, 'tools');
  const specs = ['one/a.spec.cjs', 'worktree/tools/one/a.spec.cjs'].map((file) => path.join(tools, file));
  for (const file of specs) mkdirSync(path.dirname(file), { recursive: true });
  for (const file of specs) writeFileSync(file, '');
  copyFileSync(path.join(repository, 'tools/jest.config.cjs'), path.join(tools, 'jest.config.cjs'));
  const { stdout } = spawnSync(process.execPath, [require.resolve('jest/bin/jest'), '--listTests'], { cwd: tools, encoding: 'utf8' });
  expect(stdout.trim().split('\n')).toEqual([specs[0]]);
});
