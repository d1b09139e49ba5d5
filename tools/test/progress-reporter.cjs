// A reporter of jest: in a pipe, how many files of specs are done, how long it took and how long it takes still. In a terminal jest shows that itself.
require('../../packages/testing/src/typescript.cjs'); // from the sources, as specs need no build
const { isLive, showProgress } = require('../../packages/progress/src/index.ts');

module.exports = class ProgressReporter {
  onRunStart({ numTotalTestSuites: total }) {
    if (!isLive(process.stderr)) this.progress = showProgress({ label: `specs on ${process.env.TASS_ENGINE}`, unit: 'files', total });
  }

  onTestResult(_test, _result, { numPassedTestSuites, numFailedTestSuites, numPendingTestSuites }) {
    const note = numFailedTestSuites > 0 ? `${numFailedTestSuites} failed` : undefined;
    this.progress?.update(numPassedTestSuites + numFailedTestSuites + numPendingTestSuites, note);
  }

  onRunComplete() {
    this.progress?.finish();
  }
};
