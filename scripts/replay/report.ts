import { styleText } from 'node:util';
import type { Handshake, Recording } from '../record/recording.js';
import type { Finding } from './player.js';

/** What differs, to be read: a block for each finding. */
export function describe(file: string, recording: Recording, findings: readonly Finding[]): string {
  const handshakes = new Map<number, Handshake>();
  for (const one of recording.happenings) if ('opens' in one) handshakes.set(one.connection, one.opens);
  return findings.map((finding) => describeOne(file, finding, handshakes)).join('\n');
}

function describeOne(file: string, finding: Finding, handshakes: ReadonlyMap<number, Handshake>): string {
  const { kind, line, connection, differences } = finding;
  const title = styleText('bold', `${file}:${line}  ${whose(connection, handshakes)}: ${TITLES[kind]}`);
  const lines = differences?.length
    ? differences.flatMap(({ path, recorded, now }) => [minus(recorded, path), plus(now, path)])
    : [minus(finding.recorded), plus(finding.now)];
  return [title, ...lines.filter((text) => text !== '')].join('\n');
}

const TITLES: Readonly<Record<Finding['kind'], string>> = {
  differs: 'not as recorded',
  missing: 'a frame did not come',
  unexpected: 'a frame that was not recorded',
  'out of order': 'a frame came before its turn',
};

function whose(connection: number | undefined, handshakes: ReadonlyMap<number, Handshake>): string {
  if (connection === undefined) return 'a call';
  const { dialect, user } = handshakes.get(connection) ?? {};
  const who = user === undefined ? '' : `, user ${user}`;
  return `connection ${connection}${dialect ? ` (${dialect}${who})` : ''}`;
}

const minus = (value: unknown, path = ''): string => styled('red', '- recorded', value, path);
const plus = (value: unknown, path = ''): string => styled('green', '+ now     ', value, path);

function styled(colour: 'red' | 'green', sign: string, value: unknown, path: string): string {
  if (value === undefined && path === '') return '';
  const said = value === undefined ? 'nothing' : JSON.stringify(value);
  return styleText(colour, `  ${sign} ${path && `${path}: `}${said}`);
}
