import type { CApi, Pointer } from './c-api';

/** TensorFlow's status of a call. */
export class Status {
  readonly pointer: Pointer;

  constructor(private readonly api: CApi) {
    this.pointer = api.TF_NewStatus();
  }

  /** Throws TensorFlow's own message: its first line, without the name of the wrapper function that eager execution puts before it. */
  check(speaker: string): void {
    const { api, pointer } = this;
    if (api.TF_GetCode(pointer) === 0) return;
    const message = api
      .TF_Message(pointer)
      .replace(/^\{\{.*?\}\} /, '')
      .split('\n')[0];
    api.TF_SetStatus(pointer, 0, '');
    throw new Error(`TensorFlow ${speaker}: ${message}`);
  }

  dispose(): void {
    this.api.TF_DeleteStatus(this.pointer);
  }
}
