import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { searchRuns } from './api';
import { MlflowClient, type ClientOptions } from './client';
import { MlflowError } from './mlflow-error';
import { mlflowServer } from './server';

let server: Server;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A client whose server answers the first requests as listed, and then as the last of them. */
async function clientOf(answers: RequestListener[], options: ClientOptions = {}, environment: NodeJS.ProcessEnv = {}) {
  const requests: IncomingMessage[] = [];
  server = createServer((request, response) => {
    requests.push(request);
    answers[Math.min(requests.length, answers.length) - 1](request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { client: new MlflowClient(mlflowServer(`${uri}/prefix`, environment)!, { patienceSeconds: 200, ...options }), requests, uri };
}
const answer =
  (status: number, body = '{}', headers = {}): RequestListener =>
  (_, response) =>
    response.writeHead(status, headers).end(body);
const read = (json: Readonly<Record<string, unknown>>) => json.ok;
const poolMessage = 'QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00';

it.each<[string, RequestListener]>([
  ['500 with HTML', answer(500, '<html>Internal Server Error</html>')],
  ['502', answer(502)],
  ['503', answer(503, 'not now')],
  ['504', answer(504)],
  ['429', answer(429)],
  ['400 of a full connection pool', answer(400, JSON.stringify({ error_code: 'BAD_REQUEST', message: poolMessage }))],
  ['200 with HTML', answer(200, '<!doctype html>')],
  ['200 with half an object', answer(200, '{"ok": ')],
  ['200 with a list', answer(200, '[]')],
  ['200 with null', answer(200, 'null')],
  ['200 with an error', answer(200, '{"error_code":"X"}')],
  ['a broken connection', (request) => request.socket.destroy()],
])('tries again after %s', async (_, fault) => {
  const { client, requests } = await clientOf([fault, answer(200, '{"ok":7}')]);
  expect(await client.get('runs/get', { run_id: 'a b&c' }, read)).toBe(7);
  expect(requests.map(({ method, url }) => [method, url])).toEqual(
    Array(2).fill(['GET', '/prefix/api/2.0/mlflow/runs/get?run_id=a+b%26c']),
  );
});

it('reads no more of an answer than one of MLflow may hold, and nothing that a terminal would obey', async () => {
  const endless: RequestListener = (_, response) => {
    const piece = Buffer.alloc(2 ** 20, ' ');
    const more = (): void => void (response.write(piece) ? setImmediate(more) : response.once('drain', more));
    response.writeHead(200);
    more();
  };
  const { client, requests } = await clientOf([endless, answer(400, '{"error_code":"X","message":"\\u001b]0;y\\u0007no"}')], {
    patienceSeconds: 0,
  });
  await expect(client.withPatience(200).get('a', {}, read)).rejects.toThrow('a: the answer is longer than 67108864 bytes, the most');
  expect(requests).toHaveLength(1); // not tried again
  await expect(client.get('a', {}, read)).rejects.toThrow('was refused: 400 ]0;yno');
});

it('shows the beginning of a long answer soon, and ends a list of runs without end', async () => {
  const { client, requests } = await clientOf([answer(400, '<script>'.repeat(4e6)), answer(200, '{"runs":[],"next_page_token":"again"}')]);
  const before = process.cpuUsage();
  await expect(client.get('a', {}, read)).rejects.toThrow('a was refused: 400');
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(5); // processor seconds
  await expect(searchRuns(client, '1', '')).rejects.toThrow('lists runs without end: more than 200 pages');
  expect(requests).toHaveLength(201);
});

it.each<[number, string, string]>([
  [
    400,
    '{"error_code":"INVALID_PARAMETER_VALUE","message":"Changing param values is not allowed."}',
    'was refused: 400 Changing param values is not allowed.',
  ],
  [404, '<html><title>404</title><p>Not here</p></html>', 'was refused: 404 404 Not here. Is http://127.0.0.1:'],
  [
    403,
    'Invalid Host header',
    'was refused: 403 Invalid Host header. The user lacks permission, or the server does not accept this host name',
  ],
  [401, 'You are not authenticated', 'was refused: 401 You are not authenticated. Set MLFLOW_TRACKING_USERNAME'],
  [301, '', 'was refused: 301 . The server redirects'],
  [501, '', 'was refused: 501'],
])('does not try again after %i', async (status, body, message) => {
  const { client, requests, uri } = await clientOf([answer(status, body), answer(200)]);
  const refusal = await client.post('runs/log-batch', {}, read).catch((error: Error) => error.message);
  expect(refusal).toMatch(`POST ${uri}/prefix/api/2.0/mlflow/runs/log-batch ${message}`);
  expect(requests).toHaveLength(1);
});

it.each([
  ['{"runs":{"a":1}}', 'holds no runs'],
  ['{"runs":[7]}', 'holds no run'],
  ['{"runs":[{"info":{"run_id":5}}]}', 'holds no run_id'],
  ['{"runs":[],"next_page_token":{}}', 'holds no next_page_token'],
  [
    '{"runs":[{"info":{"run_id":"a","experiment_id":"1","status":"RUNNING","artifact_uri":"b"},"data":{"tags":"c"}}]}',
    'is not an answer of MLflow',
  ],
])('names an answer whose JSON is of another type: %s', async (body, what) => {
  const { client, uri } = await clientOf([answer(200, body)], { patienceSeconds: 0 });
  const refusal = await searchRuns(client, '1', '').catch((error: Error) => error);
  expect(refusal).toBeInstanceOf(MlflowError);
  expect((refusal as Error).message).toBe(
    `POST ${uri}/prefix/api/2.0/mlflow/runs/search answered ${body}, which ${what}. Is ${uri}/prefix the address of an MLflow 3 server?`,
  );
});

it('does not try again what makes something', async () => {
  const { client, requests } = await clientOf([answer(500), answer(200)]);
  await expect(client.postOnce('runs/create', {}, read)).rejects.toMatchObject({ passing: true, status: 500 });
  expect(requests).toHaveLength(1);
});

it('waits as long as the server asks for, in seconds or until a date, or gives up at once when that is too long', async () => {
  const started = performance.now();
  const { client } = await clientOf([answer(429, '', { 'retry-after': '1' }), answer(200, '{"ok":1}')]);
  await client.get('runs/get', {}, read);
  expect(performance.now() - started).toBeGreaterThan(990);
  server.close();

  const later = new Date(Date.now() + 3600_000).toUTCString();
  const impatient = await clientOf([answer(429, 'slow down', { 'retry-after': later })]);
  await expect(impatient.client.get('runs/get', {}, read)).rejects.toMatchObject({ waitSeconds: expect.closeTo(3600, -1) });
  expect(impatient.requests).toHaveLength(1);
});

it('tries again after no answer', async () => {
  const { client } = await clientOf([() => undefined, answer(200, '{"ok":7}')], { timeoutSeconds: 2 });
  expect(await client.get('runs/get', {}, read)).toBe(7);
});

it('gives up when its patience is over, and at once when it is told to', async () => {
  const { client } = await clientOf([() => undefined], { timeoutSeconds: 0.2, patienceSeconds: 0.5 });
  await expect(client.get('runs/get', {}, read)).rejects.toThrow(/runs\/get: no answer within 0\.2 s$/);
  server.closeAllConnections();
  server.close();

  const stop = new AbortController();
  const stoppable = await clientOf([() => stop.abort(new Error('enough'))], { signal: stop.signal, timeoutSeconds: 3600 });
  await expect(stoppable.client.get('runs/get', {}, read)).rejects.toThrow('enough');
});

it('names an address that is not there', async () => {
  const { client } = await clientOf([answer(200)], { patienceSeconds: 0 });
  await new Promise((resolve) => server.close(resolve));
  await expect(client.check()).rejects.toThrow(/experiments\/search: nothing listens there \(ECONNREFUSED\)$/);
});

it('sends files as they are, below escaped names, and takes them back', async () => {
  const bytes = Uint8Array.from([0, 255, 10, 13]);
  const received: Buffer[] = [];
  const { client, requests } = await clientOf([
    (request, response) => request.on('data', (data: Buffer) => received.push(data)).on('end', () => response.end()),
    (_, response) => response.end(Buffer.from(bytes)),
  ]);
  await client.upload('1/ä b/#.bin', bytes);
  expect(Buffer.concat(received)).toEqual(Buffer.from(bytes));
  expect(await client.download('1/x')).toEqual(Buffer.from(bytes));
  expect(requests[0].url).toBe('/prefix/api/2.0/mlflow-artifacts/artifacts/1/%C3%A4%20b/%23.bin');
});

it('signs in, and shows its secrets in no error, not even when the server does', async () => {
  const environment = { MLFLOW_TRACKING_USERNAME: 'me', MLFLOW_TRACKING_PASSWORD: 'hunter2' };
  const echo: RequestListener = (request, response) => response.writeHead(400).end(`no: ${request.headers.authorization} hunter2`);
  const { client, requests } = await clientOf([echo], {}, environment);
  const refusal = await client.check().catch((error: Error) => `${error.message} ${error.stack} ${JSON.stringify(error)}`);
  expect(requests[0].headers.authorization).toBe(`Basic ${Buffer.from('me:hunter2').toString('base64')}`);
  expect(refusal).toMatch('was refused: 400 no: Basic *** ***');
  expect(refusal).not.toMatch(/hunter2|bWU6aHVudGVyMg/);
});
