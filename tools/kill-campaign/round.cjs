const { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { check } = require('./check.cjs');
const { disturb } = require('./disturb.cjs');
const { parentsOf, send, workersOf } = require('./processes.cjs');
const { CampaignProject } = require('./project.cjs');
const { Server } = require('./server.cjs');

/** One sweep that is disturbed some times, resumed to its end, and compared with an uninterrupted one. Its folder keeps everything. */
class Round {
  constructor(folder, world) {
    Object.assign(this, { folder, world, file: path.join(folder, 'round.json') });
  }

  /** What an earlier call of `run` found; undefined if there was none, or it was stopped. */
  get result() {
    return existsSync(this.file) ? JSON.parse(readFileSync(this.file, 'utf8')) : undefined;
  }

  /** Begins anew, whatever there is of a round that was stopped. */
  async run(uninterrupted, options) {
    const begun = Date.now();
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { recursive: true });
    this.project = new CampaignProject(path.join(this.folder, 'disturbed'), this.world);
    this.server = new Server(path.join(this.folder, 'mlflow'));
    const { project, server } = this;
    await server.start();
    try {
      project.watchJournals();
      project.environment.MLFLOW_TRACKING_URI = server.uri;
      const { counts, strangers, uploads } = await disturb(project, server, options);
      await project.sweepToTheEnd();
      for (let time = 0; time < 2; time++) {
        const code = await project.sync();
        if (code !== 0) throw new Error(`tracking:sync ended with ${code}, see ${project.folder}/log.txt`);
      }
      const checks = await check({ uninterrupted, disturbed: project, server, strangers, uploads });
      const result = { seed: options.seed, minutes: (Date.now() - begun) / 60_000, counts, strangers, uploads, checks };
      writeFileSync(this.file, `${JSON.stringify(result, null, 2)}\n`);
      return result;
    } finally {
      this.kill();
    }
  }

  /** Ends all of its processes at once. */
  kill() {
    this.server?.kill();
    if (this.project) for (const pid of [...parentsOf(this.project), ...workersOf(this.project)]) send(pid, 'SIGKILL');
  }
}

module.exports = { Round };
