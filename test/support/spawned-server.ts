import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The server as a process of its own, from `dist`. */
export interface ServerProcess {
  readonly child: ChildProcess;
  readonly exited: Promise<Exit>;
  /** What it has written until now. */
  stdout(): string;
  stderr(): string;
  /** Sends a signal. @returns how it ended */
  kill(signal: NodeJS.Signals): Promise<Exit>;
}

/** One that has said that it is ready. */
export interface SpawnedServer extends ServerProcess {
  readonly url: string;
  readonly wsUrl: string;
  readonly urls: readonly string[];
}

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Runs `node dist/main.js`, or another `main`, with these settings and no other, in the directory of its data. */
export function runServer(
  settings: Readonly<Record<string, string>>,
  dataDir: string,
  main: string = MAIN,
): ServerProcess {
  const env = { PATH: process.env.PATH, DATA_DIR: dataDir, HOST: '127.0.0.1', PORT: '0', ...settings };
  const child = spawn(process.execPath, [main], { cwd: dataDir, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const exited = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  return {
    child,
    exited,
    stdout,
    stderr,
    kill(signal) {
      child.kill(signal);
      return exited;
    },
  };
}

/**
 * As {@link runServer}, once it is ready: `LOG_LEVEL` must let its line about that pass.
 *
 * @throws when it ends before, with what it wrote.
 */
export async function spawnServer(settings: Readonly<Record<string, string>>, dataDir: string): Promise<SpawnedServer> {
  const server = runServer(settings, dataDir);
  const urls = await Promise.race([readyLine(server), server.exited]);
  if (!Array.isArray(urls)) throw new Error(`the server did not start:\n${server.stderr()}${server.stdout()}`);
  const url = urls[0]!;
  return { ...server, url, wsUrl: url.replace('http', 'ws'), urls };
}

function readyLine(server: ServerProcess): Promise<string[]> {
  return new Promise((resolve) => {
    const look = (): void => {
      const urls = /"urls":(\[[^\]]*\]).*\n/.exec(server.stdout())?.[1];
      if (!urls) return;
      server.child.stdout!.off('data', look);
      resolve(JSON.parse(urls) as string[]);
    };
    server.child.stdout!.on('data', look);
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (part: string) => (text += part));
  return () => text;
}
