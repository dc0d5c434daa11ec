import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describePostgres } from './databases.js';
import { describeMachine, pinGenerator } from './machine.js';
import { choose, type Options, readOptions, USAGE } from './options.js';
import { hottest } from './profile.js';
import { conclude, format, type Outcome, tableOf } from './report.js';
import type { Entry, Figures, Scenario, ScenarioMaker } from './scenario.js';
import { acknowledged } from './scenarios/acknowledged.js';
import { connections } from './scenarios/connections.js';
import { fanOuts } from './scenarios/fan-out.js';
import { generator } from './scenarios/generator.js';
import { history } from './scenarios/history.js';
import { KINDS, Subject, type SubjectName } from './subjects.js';

const SCENARIOS: readonly ScenarioMaker[] = [generator, ...fanOuts, ...acknowledged, ...connections, history];
const RESULTS = fileURLToPath(new URL('../../../results/', import.meta.url));
/** The load above which figures mean nothing. */
const BUSY = 1;

/** The servers that run, each started when it is first needed. */
class Stage {
  private readonly subjects = new Map<SubjectName, Promise<Subject>>();

  get(name: SubjectName): Promise<Subject> {
    let subject = this.subjects.get(name);
    if (!subject) {
      subject = Subject.start(name);
      this.subjects.set(name, subject);
    }
    return subject;
  }

  /** Stops one that is not needed, or misbehaved. */
  async drop(name: SubjectName): Promise<void> {
    const subject = this.subjects.get(name);
    this.subjects.delete(name);
    await subject?.then(
      (running) => running.stop(),
      () => {},
    );
  }

  async clear(): Promise<void> {
    await Promise.all([...this.subjects.keys()].map((name) => this.drop(name)));
  }
}

async function runEntry(entry: Entry, stage: Stage, file: string | undefined): Promise<Figures> {
  const subject = await stage.get(entry.subject);
  subject.profileTo = entry.subject.startsWith('parlance') ? file : undefined;
  try {
    return await entry.measure(subject);
  } finally {
    subject.profileTo = undefined;
  }
}

async function runScenario(scenario: Scenario, options: Options, stage: Stage): Promise<Outcome> {
  process.stdout.write(`\n${scenario.name}: ${scenario.title}\n`);
  const rounds = new Map<string, Figures[]>(scenario.entries.map(({ name }) => [name, []]));
  const failures: string[] = [];
  const profiles = new Map<string, string>();
  for (let round = 1; round <= options.rounds; round++) {
    for (const entry of scenario.entries) {
      const { name, subject } = entry;
      const file = options.profile ? join(RESULTS, `${scenario.name}-${name.replace(':', '-')}.cpuprofile`) : undefined;
      try {
        const figures = await runEntry(entry, stage, file);
        rounds.get(name)!.push(figures);
        if (file !== undefined && subject.startsWith('parlance')) profiles.set(name, file);
        process.stdout.write(`  ${round}/${options.rounds} ${name}: ${format(figures.value)} ${scenario.unit}\n`);
      } catch (error) {
        const failure = `${scenario.name}, ${name}: ${(error as Error).message}`;
        failures.push(failure);
        process.stdout.write(`  ${round}/${options.rounds} FAILED: ${failure}\n`);
        await stage.drop(subject);
      }
      if (scenario.needsFreshServers === true && !options.smoke) await stage.drop(subject);
    }
  }
  const outcome = conclude(scenario, rounds, failures);
  if (!options.smoke) {
    await stage.clear();
    process.stdout.write(`${tableOf(outcome)}\n`);
    for (const [name, file] of profiles) process.stdout.write(`  ${name}, ${file}:\n${hottest(file)}\n`);
  }
  return outcome;
}

async function run(options: Options): Promise<boolean> {
  pinGenerator();
  const machine = { ...describeMachine(), postgres: await describePostgres() };
  mkdirSync(RESULTS, { recursive: true });
  const file = join(RESULTS, `${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.json`);
  if (!options.smoke && loadavg()[0]! > BUSY) process.stdout.write('the machine is busy: these figures mean little\n');
  const subjects = Object.fromEntries(Object.entries(KINDS).map(([name, { about }]) => [name, about]));
  const outcomes: Outcome[] = [];
  const stage = new Stage();
  const from = performance.now();
  try {
    for (const make of SCENARIOS) {
      const scenario = choose(make(options), options);
      if (!scenario) continue;
      outcomes.push(await runScenario(scenario, options, stage));
      if (options.smoke) continue;
      const { seconds, rounds } = options;
      writeFileSync(file, JSON.stringify({ machine, seconds, rounds, subjects, scenarios: outcomes }, undefined, 2));
    }
  } finally {
    await stage.clear();
  }
  const failures = outcomes.flatMap((outcome) => outcome.failures);
  const seconds = Math.round((performance.now() - from) / 1000);
  process.stdout.write(`\n${outcomes.length} scenarios in ${seconds} s, ${failures.length} failures\n`);
  for (const failure of failures) process.stdout.write(`  ${failure}\n`);
  if (!options.smoke) process.stdout.write(`${file}\n`);
  return failures.length === 0 && outcomes.length > 0;
}

let options: Options | undefined;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n${USAGE}\n`);
  process.exit(2);
}
process.exit((await run(options)) ? 0 : 1);
