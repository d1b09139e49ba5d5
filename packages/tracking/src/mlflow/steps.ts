import type { MlflowClient } from './client';
import { isPassing, MlflowError } from './mlflow-error';

/**
 * Independent steps that send data to one server: a failed step does not stop the others. The first step that fails for longer than the
 * client's patience uses it up; later steps are tried once.
 */
export class Steps {
  readonly left: string[] = []; // what failed, and why
  mayPass = false; // some of it may succeed later
  private client: MlflowClient;

  constructor(client: MlflowClient) {
    this.client = client;
  }

  /** True if the step succeeded. `what` names it. Throws MlflowError if the server no longer answers at all, and other errors unchanged. */
  async take(what: string, step: (client: MlflowClient) => Promise<void>): Promise<boolean> {
    const fault = await this.faultOf(step);
    if (fault) this.left.push(`${what}: ${fault.message}`);
    return fault === undefined;
  }

  /** The same step for each file; failures are reported together. Returns the number that succeeded. */
  async takeFiles<File extends { readonly path: string }>(
    files: readonly File[],
    step: (file: File, client: MlflowClient) => Promise<void>,
  ): Promise<number> {
    const failed: string[] = [];
    let first: MlflowError | undefined;
    for (const file of files) {
      const isHopeless = first?.timedOut === true; // the next one would take as long
      const fault = isHopeless ? first : await this.faultOf((client) => step(file, client));
      if (fault) failed.push(file.path);
      first ??= fault;
    }
    if (first) this.left.push(`${failed.join(', ')}: ${first.message}`);
    return files.length - failed.length;
  }

  private async faultOf(step: (client: MlflowClient) => Promise<void>): Promise<MlflowError | undefined> {
    try {
      await step(this.client);
      return undefined;
    } catch (error) {
      if (!(error instanceof MlflowError)) throw error;
      if (isPassing(error)) {
        if (error.status === undefined) await this.client.check(); // else it is used up for all steps
        this.mayPass = true;
        this.client = this.client.withPatience(0);
      }
      return error;
    }
  }
}
