import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from '../../support/free-ports.js';

/** A line of the access log. */
export interface Logged {
  readonly client: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** The nodes that were asked, in their order. */
  readonly node: string;
}

/** Where to a door leads, in the forms that clients want it. */
export interface Door {
  readonly url: string;
  readonly wsUrl: string;
}

/** nginx with the configuration that we ship, in front of given nodes. */
export interface Nginx {
  /** For everyone. */
  readonly open: Door;
  /** For those whom nginx signs in by password. */
  readonly byPassword: Door;
  /** For those whom the sign-on at `identity` names. */
  readonly bySignOn: Door;
  /** What `nginx -t` says of it, which is all that it says of what it accepts. */
  check(): Promise<string>;
  /** Ends it; what it has answered is written down by then. @returns what it has written */
  end(): Promise<Written>;
  /** Ends it, and removes what it has written. */
  remove(): Promise<void>;
}

/** What nginx has written. */
export interface Written {
  readonly accessLog: readonly Logged[];
  /** All of it: both logs, and what it said itself. */
  readonly text: string;
}

export interface NginxOptions {
  /** `host:port` of each node. */
  readonly nodes: readonly string[];
  /** Lines of `parlance/users`. */
  readonly users?: readonly string[];
  /** `host:port` of the sign-on. */
  readonly identity?: string;
  /** The address from which the nodes see it come. */
  readonly from?: string;
}

const SHIPPED = 'deploy/nginx';
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** Starts what ships, with nothing replaced but where it listens, where its nodes and the sign-on are, and where it writes. */
export async function startNginx(options: NginxOptions): Promise<Nginx> {
  const directory = await mkdtemp(join(tmpdir(), 'parlance-nginx-'));
  const ports = await freePorts(3);
  await configure(directory, ports, options);
  const where = ['-p', directory, '-c', join(directory, 'nginx.conf'), '-e', 'stderr'];
  // As root its workers would be a user who may not enter a temporary directory.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const child = spawn('nginx', [...where, '-g', `daemon off; error_log stderr notice; ${user}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  const stderr = await untilReady(child);
  const [open, byPassword, bySignOn] = ports.map(doorAt) as [Door, Door, Door];
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM'); // not SIGQUIT, which would wait for clients that poll
    await exited;
  };
  return {
    open,
    byPassword,
    bySignOn,
    check: async () => (await promisify(execFile)('nginx', [...where, '-t'])).stderr,
    async end() {
      await stop();
      const [access, error] = await Promise.all([
        readFile(join(directory, 'parlance.log'), 'utf8'),
        readFile(join(directory, 'error.log'), 'utf8'),
      ]);
      const lines = access.split('\n').filter((line) => line !== '');
      return { accessLog: lines.map((line) => JSON.parse(line) as Logged), text: access + error + stderr() };
    },
    async remove() {
      await stop();
      await rm(directory, { recursive: true });
    },
  };
}

async function configure(directory: string, ports: readonly number[], options: NginxOptions): Promise<void> {
  const { nodes, users = [], identity = '127.0.0.1:1', from } = options;
  const [open, byPassword, bySignOn] = ports;
  await cp(SHIPPED, directory, { recursive: true });
  for (const file of await readdir(directory, { recursive: true })) {
    if (file.endsWith('.conf')) {
      await replace(join(directory, file), {
        '/var/log/nginx/': `${directory}/`,
        '/run/nginx.pid': `${directory}/nginx.pid`,
        'listen 80;': `listen 127.0.0.1:${open};`,
        'listen 8081;': `listen 127.0.0.1:${byPassword};`,
        'http://127.0.0.1:4180/': `http://${identity}/`,
      });
    }
  }
  const signedIn = join(directory, 'conf.d/user-email.conf');
  const signOn = join(directory, 'conf.d/user-email-by-sign-on.conf');
  await cp(signedIn, signOn);
  await replace(signOn, {
    [`listen 127.0.0.1:${byPassword};`]: `listen 127.0.0.1:${bySignOn};`,
    'include parlance/by-password.conf;': 'include parlance/by-sign-on.conf;',
  });
  const shipped = await readFile(join(directory, 'parlance/nodes.conf'), 'utf8');
  const parameters = /^server node-1:8000 (.*;)$/m.exec(shipped)?.[1] ?? ';';
  await writeFile(
    join(directory, 'parlance/nodes.conf'),
    nodes.map((node) => `server ${node} ${parameters}\n`).join(''),
  );
  await writeFile(join(directory, 'parlance/users'), users.map((line) => `${line}\n`).join(''));
  const here = TEMPORARY.map((name) => `${name}_temp_path ${directory}/${name};\n`).join('');
  await writeFile(join(directory, 'conf.d/here.conf'), here + (from ? `proxy_bind ${from};\n` : ''));
}

async function replace(file: string, replacements: Record<string, string>): Promise<void> {
  let text = await readFile(file, 'utf8');
  for (const [from, to] of Object.entries(replacements)) text = text.replaceAll(from, to);
  await writeFile(file, text);
}

/** When its first worker runs: it listens by then. @returns what it has written, from now on */
async function untilReady({ stderr, exitCode }: ChildProcess): Promise<() => string> {
  let text = '';
  await new Promise<void>((resolve, reject) => {
    stderr!.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.includes('start worker process ')) resolve();
    });
    stderr!.on('end', () => reject(new Error(`nginx did not start (${exitCode}):\n${text}`)));
  });
  return () => text;
}

const doorAt = (port: number): Door => ({ url: `http://127.0.0.1:${port}`, wsUrl: `ws://127.0.0.1:${port}` });
