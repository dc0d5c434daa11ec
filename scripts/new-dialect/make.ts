import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const USAGE = 'usage: npm run new:dialect -- NAME [--into DIRECTORY]';

const HOME = fileURLToPath(new URL('../..', import.meta.url));
const TEMPLATE = fileURLToPath(new URL('template', import.meta.url));

interface Manifest {
  readonly version: string;
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}

/**
 * `npm run new:dialect -- NAME [--into DIRECTORY]`: the skeleton of a dialect, as a package of its own that depends on this
 * one; by default beside this tree.
 */
function main(words: string[]): string {
  const { values, positionals } = parse(words);
  const name = nameIn(positionals);
  const directory = resolve(values.into ?? join(HOME, '..', `parlance-${name}`));
  if (existsSync(directory) && readdirSync(directory).length > 0) throw new Error(`${directory} is not empty`);
  mkdirSync(directory, { recursive: true });
  cpSync(TEMPLATE, directory, { recursive: true });
  for (const path of filesIn(directory)) rename(path, name);
  const { version } = askForOurVersions(join(directory, 'package.json'));
  return [
    `${directory} has the dialect ${name}. Then:`,
    `  npm run build && npm pack      # here: makes parlance-${version}.tgz, on which it depends`,
    `  cd ${relative(process.cwd(), directory) || '.'} && npm install && npm test`,
  ].join('\n');
}

function parse(words: string[]) {
  try {
    return parseArgs({ args: words, allowPositionals: true, options: { into: { type: 'string' } } });
  } catch {
    throw new Error(USAGE);
  }
}

/** One word, as it is in `?dialect=`, the subprotocol and the path; and nobody else's. */
function nameIn([name, ...rest]: string[]): string {
  if (name === undefined || rest.length > 0) throw new Error(USAGE);
  if (!/^[a-z][a-z0-9]{0,31}$/.test(name)) throw new Error(`NAME must be a word of lower-case letters, not "${name}"`);
  if (existsSync(join(HOME, 'src/dialects', name))) throw new Error(`there is a dialect ${name} already`);
  return name;
}

function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((path) => join(directory, path))
    .filter((path) => statSync(path).isFile());
}

/** Gives a file, in its name and its text, the dialect's name for the template's. */
function rename(path: string, name: string): void {
  const capitalized = name.charAt(0).toUpperCase() + name.slice(1);
  const text = readFileSync(path, 'utf8').replaceAll('sample', name).replaceAll('Sample', capitalized);
  writeFileSync(path, text);
  renameSync(path, join(dirname(path), basename(path).replaceAll('sample', name)));
}

/** Two copies of the framework would not know each other's classes: the package asks for the versions that this one has. */
function askForOurVersions(path: string): Manifest {
  const ours = JSON.parse(readFileSync(join(HOME, 'package.json'), 'utf8')) as Manifest;
  const tarball = relative(dirname(path), join(HOME, `parlance-${ours.version}.tgz`));
  const versions = { ...ours.dependencies, ...ours.devDependencies, parlance: `file:${tarball}` };
  const text = readFileSync(path, 'utf8').replace(
    /"([^"]+)": "\*"/g,
    (_, name: string) => `"${name}": ${JSON.stringify(versions[name as keyof typeof versions])}`,
  );
  writeFileSync(path, text);
  return ours;
}

try {
  process.stdout.write(`${main(process.argv.slice(2))}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
