import { parseArgs } from 'node:util';
import { Recorder } from './recorder.js';
import { Scribe } from './scribe.js';

const USAGE = `usage: npm run record -- --to URL [--listen [HOST:]PORT] [--out FILE] [--dialect NAME] [--keep-texts]

Stands between clients and a server, and keeps what they say, without what is someone's (docs/recording.md).

  --to URL        the server: http://host:port, or https://, ws://, wss://; its path does not count
  --listen PORT   where clients connect instead, on this machine, or HOST:PORT; default: a free port
  --out FILE      a new file; default: recording-<time>.jsonl
  --dialect NAME  record this dialect only, and REST: flat, dashboard, socketio, tribe, channels or pets
  --keep-texts    keep what people wrote; tokens, addresses and names go all the same`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      to: { type: 'string' },
      listen: { type: 'string', default: '0' },
      out: { type: 'string', default: `recording-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.jsonl` },
      dialect: { type: 'string' },
      'keep-texts': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || values.to === undefined) {
    console.log(USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const to = originOf(values.to);
  const [, host, port = ''] = /^(?:(.+):)?(\d{1,5})$/.exec(values.listen) ?? [];
  if (port === '' || Number(port) > 65_535) throw new Error(`--listen must be PORT or HOST:PORT, not ${values.listen}`);
  const scribe = await Scribe.begin(values.out, to, { keepTexts: values['keep-texts'] });
  const recorder = await Recorder.start(scribe, { to, host, port: Number(port), dialect: values.dialect });
  console.log(`Recording ${to} into ${values.out}: clients connect to ${recorder.url}; Ctrl-C ends it`);
  await new Promise<void>((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
  await recorder.close();
  const { connections, frames, calls } = scribe.counts;
  console.log(
    `${values.out}: ${connections} connections, ${frames} frames, ${calls} calls. Read it before you send it.`,
  );
}

function originOf(to: string): string {
  const url = URL.canParse(to) ? new URL(to) : undefined;
  if (!url || !/^(https?|wss?):$/.test(url.protocol))
    throw new Error(`--to must be an address such as http://localhost:8000`);
  return `${url.protocol.replace('ws', 'http')}//${url.host}`;
}

try {
  await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
