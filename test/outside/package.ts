import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryDirectory } from '../support/temporary-directory.js';

const run = promisify(execFile);

/** Where this package is, with all that it and its tests depend on. */
const HOME = process.cwd();

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** How a program ended, and what it wrote. */
export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/**
 * A package outside this tree that depends on ours as it is packed, without a registry: what it and ours say that they need,
 * and nothing else, is there, by links to this tree's own.
 */
export class OutsidePackage {
  private constructor(readonly directory: string) {}

  /** Copies a package to a directory of its own. */
  static async copyOf(source: string): Promise<OutsidePackage> {
    const directory = await temporaryDirectory();
    cpSync(source, directory, { recursive: true, filter: (path) => !/\/(node_modules|dist)$/.test(path) });
    return OutsidePackage.at(directory);
  }

  /** Installs, in a package's directory, what it says that it needs. */
  static async at(directory: string): Promise<OutsidePackage> {
    const outside = new OutsidePackage(directory);
    await outside.install();
    return outside;
  }

  /** Runs one of the scripts of its `package.json`, or a program that it depends on. */
  async run(program: string, ...words: string[]): Promise<Outcome> {
    const path = `${join(this.directory, 'node_modules/.bin')}:${process.env.PATH}`;
    const { NODE_OPTIONS: _, ...env } = process.env; // of the test runner
    try {
      const { stdout, stderr } = await run(program, words, { cwd: this.directory, env: { ...env, PATH: path } });
      return { code: 0, output: stdout + stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, output: stdout + stderr };
    }
  }

  /** What our rules say against its code; nothing where there is nothing. */
  async lint(): Promise<string> {
    const options = ['--config', join(HOME, '.oxlintrc.json'), '--type-aware', '--deny-warnings', 'src', 'test'];
    const { code, output } = await this.run('oxlint', ...options);
    return code === 0 ? '' : output;
  }

  private async install(): Promise<void> {
    const own = manifestIn(this.directory);
    const ours = await this.unpack();
    const needed = { ...ours.dependencies, ...own.dependencies, ...own.devDependencies };
    for (const name of Object.keys(needed)) if (name !== ours.name) this.link(name);
    this.link('.bin');
  }

  /** Puts our package there as `npm pack` makes it. */
  private async unpack(): Promise<Manifest> {
    const options = ['--ignore-scripts', '--json', '--pack-destination', this.directory];
    const { stdout } = await run('npm', ['pack', ...options], { cwd: HOME });
    const [packed] = JSON.parse(stdout) as [{ filename: string }];
    await run('tar', ['-xzf', packed.filename], { cwd: this.directory });
    const place = this.placeOf('parlance');
    renameSync(join(this.directory, 'package'), place);
    return manifestIn(place);
  }

  private link(name: string): void {
    symlinkSync(join(HOME, 'node_modules', name), this.placeOf(name));
  }

  private placeOf(name: string): string {
    const place = join(this.directory, 'node_modules', name);
    mkdirSync(dirname(place), { recursive: true });
    return place;
  }
}

function manifestIn(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
}
