import { existsSync } from 'node:fs';

/** A setting that cannot be used. Its message is one line that names the setting. */
export class SettingError extends Error {
  constructor(name: string, reason: string) {
    super(`${name} ${reason}`);
  }
}

/** Turns a setting's text into its value, or throws an `Error` whose message completes "NAME …". */
export type Parser<T> = (text: string) => T;

/** The process's environment, read setting by setting; it remembers which names were asked for. */
export class Environment {
  readonly known = new Set<string>();

  constructor(private readonly values: Readonly<Record<string, string | undefined>>) {}

  /** The setting, or what `fallback` means where it is unset or empty. @throws {SettingError} */
  read<T>(name: string, parse: Parser<T>, fallback: string): T {
    return this.optional(name, parse) ?? this.parse(name, parse, fallback);
  }

  /** The setting, or nothing where it is unset or empty. @throws {SettingError} */
  optional<T>(name: string, parse: Parser<T>): T | undefined {
    this.known.add(name);
    const text = this.values[name]?.trim();
    return text ? this.parse(name, parse, text) : undefined;
  }

  /** Whether this is a production process: the only thing asked of `NODE_ENV`. */
  get production(): boolean {
    return this.values.NODE_ENV === 'production';
  }

  private parse<T>(name: string, parse: Parser<T>, text: string): T {
    try {
      return parse(text);
    } catch (error) {
      throw new SettingError(name, (error as Error).message);
    }
  }
}

/** The environment of this process, with what a `.env` file in the working directory adds to it. */
export function processEnvironment(): Environment {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return new Environment(process.env);
}
