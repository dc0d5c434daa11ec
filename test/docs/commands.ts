import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A command of a page, on one line, and the frames that are then to be typed into it. */
export interface Command {
  readonly line: number;
  readonly text: string;
  readonly frames: readonly string[];
}

/** A reason for which a command is not run, and what of it is looked at instead. */
export interface Exception {
  readonly pattern: RegExp;
  readonly because: string;
  /** @throws where what the command names is not there */
  readonly check: (text: string) => void;
}

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const USAGES = ['scripts/record/record.ts', 'scripts/replay/replay.ts'].map((path) =>
  readFileSync(join(ROOT, path), 'utf8'),
);

/** The first that fits counts. What none fits is run. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    pattern: /^npm run (record|replay)\b/,
    because: 'test/replay and test/golden run both, and end the recorder as Ctrl-C does',
    check(text) {
      needScripts(text);
      const usage = USAGES.find((page) => page.includes(/^npm run (record|replay)/.exec(text)![0]))!;
      for (const [flag] of text.matchAll(/--[a-z][a-z-]*/g)) need(usage.includes(flag), `the option ${flag}`);
      for (const [file] of text.matchAll(/\S*golden\/\w+\.jsonl/g)) needFile(file);
    },
  },
  {
    pattern: /^cd (examples|\.\.)\/|^npm (install|run new:dialect|pack)\b|npm pack|^npm start\s/,
    because: 'it makes a package of its own, which is tried outside the tree',
    check(text) {
      const directory = /^cd (examples\/\S+)/.exec(text)?.[1];
      if (directory) needFile(`${directory}/package.json`);
      needScripts(text);
    },
  },
  {
    pattern:
      /^([A-Z_]+=\S+ )*(npm (ci|test|start)\b|npm run (build|start|faults|lint|types|format|demo|bench|test:browser)\b|npx vitest\b)/,
    because: 'it takes minutes, ends never or is what runs this test; CI runs those that end',
    check: needScripts,
  },
  {
    pattern: /^UPDATE_\w+=1 /,
    because: 'it writes into the tree',
    check: (text) => need(text.includes('npx vitest run'), text),
  },
  { pattern: /^\.ci\/run/, because: 'it runs this test', check: () => needFile('.ci/run') },
  {
    pattern: /^(docker|export JWT_SECRET=.*POSTGRES_PASSWORD)/,
    because: 'it needs Docker; test/deploy checks the image, step by step, and the composition',
    check(text) {
      needFile(text.includes('compose') || text.startsWith('export') ? 'compose.yaml' : 'Dockerfile');
      const service = /docker compose exec (\S+)/.exec(text)?.[1];
      if (service)
        need(readFileSync(join(ROOT, 'compose.yaml'), 'utf8').includes(`${service}:`), `the service ${service}`);
      const program = /node dist\/(\S+)\.js/.exec(text)?.[1];
      if (program) needFile(`src/${program}.ts`);
    },
  },
  {
    pattern: /^kubectl/,
    because: 'it needs a cluster; test/deploy checks the manifests',
    check(text) {
      const directory = /apply -k (\S+)/.exec(text)?.[1];
      if (directory) needFile(`${directory}/kustomization.yaml`);
    },
  },
  {
    pattern: /…|node-1:8000|chat\.example/,
    because: 'it names what the reader has',
    check(text) {
      const settings = readFileSync(join(ROOT, '.env.example'), 'utf8');
      for (const [, name] of text.matchAll(/\b([A-Z]+_[A-Z_]+)(?==)/g))
        need(name === 'NODE_ENV' || settings.includes(name!), name!);
    },
  },
];

/** The commands in the blocks of a page, in their order. */
export function commandsIn(page: string): Command[] {
  const commands: { line: number; text: string; frames: string[] }[] = [];
  let indent: string | undefined;
  let isContinued = false;
  for (const [index, line] of page.split('\n').entries()) {
    const fence = /^( *)```(\w*)/.exec(line);
    if (fence) {
      indent = indent === undefined && fence[2] === 'bash' ? fence[1] : undefined;
      continue;
    }
    if (indent === undefined) continue;
    const text = line.slice(indent.length);
    const last = commands.at(-1);
    if (text.startsWith('> ')) last!.frames.push(text.slice(2));
    else if (isContinued) last!.text += `\n${text}`;
    else if (text.trim() !== '' && !text.startsWith('#')) commands.push({ line: index + 1, text, frames: [] });
    if (!text.startsWith('> ')) isContinued = text.endsWith('\\');
  }
  return commands;
}

function needScripts(text: string): void {
  const withoutComment = text.replace(/\s#.*/s, '');
  const named = [...withoutComment.matchAll(/npm (?:run (?:--silent )?)?([\w:]+)/g)].map(([, name]) => name!);
  for (const name of named) {
    const isOwn = ['ci', 'install', 'pack', 'prune', 'run'].includes(name);
    if (!isOwn) need(scripts[name] !== undefined, `npm run ${name}`);
  }
}

function needFile(path: string): void {
  need(existsSync(join(ROOT, path)), path);
}

function need(isThere: boolean, what: string): void {
  if (!isThere) throw new Error(`there is not: ${what}`);
}
