import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { OwnServer } from '../own-server.js';
import { readRecording } from '../record/recording.js';
import { type Finding, play } from './player.js';
import { describe } from './report.js';
import type { Target } from './stage.js';

const USAGE = `usage: npm run replay -- FILE… [--url URL] [--json]

Plays recordings and shows what differs (docs/recording.md). Exits with 1 where something does, with 2 where it cannot play.

  --url URL   a server whose data may be added to; default: one of its own, from dist, with an empty database
  --json      the findings as JSON, a line for each file

  REPLAY_ADMIN=email:password   an administrator of the server at --url, for recordings in which there is one`;

async function main(): Promise<void> {
  const { values, positionals: files } = parseArgs({
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || files.length === 0) {
    console.log(USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const recordings = await Promise.all(files.map(async (file) => ({ file, recording: await readRecording(file) })));
  const server = values.url === undefined ? await OwnServer.start() : undefined;
  const target = server ? ownTarget(server) : remoteTarget(values.url!);
  try {
    for (const { file, recording } of recordings) {
      const onProgress = values.json ? undefined : progress(file);
      const findings = await play(recording, target, onProgress && { onProgress });
      if (findings.length > 0) process.exitCode = 1;
      if (values.json) console.log(JSON.stringify({ file, findings }));
      else console.log(`${clear()}${file}: ${summary(findings)}\n${describe(file, recording, findings)}`.trimEnd());
    }
  } finally {
    await server?.stop();
  }
}

function ownTarget(server: OwnServer): Target {
  return {
    url: server.url,
    async signInAdmin() {
      const admin = { email: 'admin@replay.example', password: randomBytes(12).toString('hex') };
      await server.makeAdmin(admin.email, admin.password);
      return admin;
    },
  };
}

function remoteTarget(address: string): Target {
  if (!URL.canParse(address)) throw new Error('--url must be an address such as http://localhost:8000');
  const url = new URL(address).origin;
  const [, email, password] = /^([^:]+):(.+)$/.exec(process.env['REPLAY_ADMIN'] ?? '') ?? [];
  return email === undefined || password === undefined
    ? { url }
    : { url, signInAdmin: async () => ({ email, password }) };
}

function summary(findings: readonly Finding[]): string {
  return findings.length === 0
    ? 'as recorded'
    : `${findings.length} ${findings.length === 1 ? 'difference' : 'differences'}`;
}

/** How far it is, on a terminal. */
function progress(file: string): (line: number, of: number) => void {
  return (line, of) => {
    if (process.stderr.isTTY) process.stderr.write(`${clear()}${file}: line ${line} of ${of}`);
  };
}

const clear = (): string => (process.stderr.isTTY ? '\r\u001b[2K' : '');

try {
  await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
