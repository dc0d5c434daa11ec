import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));

/** The server as it was built, in a process of its own, at a free port, with a database that goes with it. */
export class OwnServer {
  private constructor(
    /** `http://127.0.0.1:port` */
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly exited: Promise<unknown>,
    private readonly dataDir: string,
  ) {}

  /** @throws where it was not built, or does not start */
  static async start(): Promise<OwnServer> {
    if (!existsSync(join(DIST, 'main.js'))) throw new Error('there is no dist: npm run build makes it');
    const dataDir = await mkdtemp(join(tmpdir(), 'parlance-own-'));
    const child = spawn(process.execPath, [join(DIST, 'main.js')], {
      env: { ...process.env, ...settings(dataDir), PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'info' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    try {
      return new OwnServer(await urlOf(child.stdout), child, exited, dataDir);
    } catch (error) {
      child.kill();
      await rm(dataDir, { recursive: true, force: true });
      throw error;
    }
  }

  async makeAdmin(email: string, password: string): Promise<void> {
    const env = { ...process.env, ...settings(this.dataDir) };
    await promisify(execFile)(process.execPath, [join(DIST, 'users/make-admin.js'), email, password], { env });
  }

  async stop(): Promise<void> {
    this.child.kill();
    await this.exited;
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

/** Its own database, whatever the environment names. */
function settings(dataDir: string): Record<string, string> {
  return { DATA_DIR: dataDir, DATABASE_URL: '', REDIS_URL: '' };
}

async function urlOf(output: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  output.setEncoding('utf8');
  return new Promise((resolve, reject) => {
    output.on('data', (part: string) => {
      text = `${text}${part}`.slice(-10_000);
      const url = /"urls":\["([^"]*)"/.exec(text)?.[1];
      if (url) {
        text = '';
        resolve(url);
      }
    });
    output.on('end', () => reject(new Error(`the server did not start\n${text}`)));
  });
}
