import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../../src/testing/application.js';

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'make-admin-'));
});
afterAll(() => rm(dataDir, { recursive: true }));

/** `npm run user:admin -- …`, as npm would run it. */
function makeAdmin(words: string[], settings: Record<string, string> = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const env = { ...process.env, DATA_DIR: dataDir, ...settings };
    execFile(process.execPath, ['dist/users/make-admin.js', ...words], { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

async function withServer(work: (server: TestServer) => Promise<void>): Promise<void> {
  const server = await startServer({ DATA_DIR: dataDir });
  try {
    await work(server);
  } finally {
    await server.close();
  }
}

const login = (server: TestServer, email: string, password: string) =>
  request(server.url).post('/api/v1/auth/login').send({ email, password });

describe('npm run user:admin', () => {
  it('makes an administrator where no server is running', async () => {
    const outcome = await makeAdmin(['Root@Example.com', 'correct horse']);
    expect(outcome).toEqual({ code: 0, stdout: 'root@example.com is an administrator\n', stderr: '' });
    await withServer(async (server) => {
      const { body } = await login(server, 'root@example.com', 'correct horse').expect(200);
      expect(body.user).toMatchObject({ role: 'admin', username: 'root', full_name: 'root' });
    });
  });

  it('makes one beside a running server, which goes on', async () => {
    await withServer(async (server) => {
      await expect(makeAdmin(['beside@example.com', 'correct horse'])).resolves.toMatchObject({ code: 0 });
      const { body } = await login(server, 'beside@example.com', 'correct horse').expect(200);
      expect(body.user.role).toBe('admin');
    });
  });

  it('makes one of a registered user, with the new password and the same id', async () => {
    await withServer(async (server) => {
      const { body } = await request(server.url)
        .post('/api/v1/auth/register')
        .send({ email: 'ada@example.com', password: 'correct horse', full_name: 'Ada Lovelace' })
        .expect(201);
      const me = () => request(server.url).get('/api/v1/auth/me').auth(body.access_token, { type: 'bearer' });
      await me().expect(200, body.user);
      await expect(makeAdmin(['ada@example.com', 'battery staple'])).resolves.toMatchObject({ code: 0 });
      await me().expect(200, { ...body.user, role: 'admin' });
      await login(server, 'ada@example.com', 'correct horse').expect(401);
      await login(server, 'ada@example.com', 'battery staple').expect(200);
    });
  });

  it.each([
    ['nothing', []],
    ['no password', ['root@example.com']],
    ['too much', ['root@example.com', 'correct', 'horse']],
  ])('explains its use when given %s', async (_, words) => {
    await expect(makeAdmin(words)).resolves.toEqual({
      code: 1,
      stdout: '',
      stderr: 'usage: npm run user:admin -- EMAIL PASSWORD\n',
    });
  });

  it.each([
    ['a malformed e-mail address', ['root', 'correct horse'], {}, /^email must be an e-mail address\n$/],
    ['a short password', ['root@example.com', 'short'], {}, /^password must be text of 8 to 200 characters\n$/],
    ['a bad setting', ['root@example.com', 'correct horse'], { DATABASE_URL: 'mysql://x' }, /^DATABASE_URL .+\n$/],
    ['no database', ['root@example.com', 'correct horse'], { DATABASE_URL: 'postgres://127.0.0.1:1/x' }, /^.+\n$/],
  ])('says in one line what is wrong with %s', async (_, words, settings, line) => {
    const { code, stdout, stderr } = await makeAdmin(words, settings);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(line);
  });
});
