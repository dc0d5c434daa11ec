import type { Report } from './stage.js';

/** What became of one scenario, with which seed it can be repeated, and what was wrong. */
export function tell(report: Report): string {
  const { title, seed, milliseconds, sent, acknowledged, heard, recoveries, violations, warnings } = report;
  const seconds = (milliseconds / 1_000).toFixed(1);
  const recovery = recoveries.length > 0 ? `, well again after ${recoveries.join(', ')} ms` : '';
  const figures = `${seconds} s, seed ${seed}, ${sent} sent, ${acknowledged} acknowledged, ${heard} heard${recovery}`;
  return [title, figures, ...violations.slice(0, 20), ...warnings].join('\n  ');
}

const HEADINGS = [
  'What happens',
  'Rounds',
  'Faults',
  'Sent',
  'Acknowledged',
  'Heard',
  'Well again after, median (ms)',
  'Longest (ms)',
  'Violations',
];

/** The figures of many rounds, by scenario and together, in Markdown. */
export function table(reports: readonly Report[]): string {
  const titles = [...new Set(reports.map(({ title }) => title))].toSorted();
  const rows = titles.map((title) => [title, ...figures(reports.filter((report) => report.title === title))]);
  rows.push(['together', ...figures(reports)]);
  return [HEADINGS, HEADINGS.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function figures(reports: readonly Report[]): (string | number)[] {
  const recoveries = reports.flatMap((report) => report.recoveries).toSorted((one, other) => one - other);
  const sum = (of: (report: Report) => number): number => reports.reduce((count, report) => count + of(report), 0);
  return [
    reports.length,
    sum(({ faults }) => faults),
    sum(({ sent }) => sent),
    sum(({ acknowledged }) => acknowledged),
    sum(({ heard }) => heard),
    recoveries[Math.floor(recoveries.length / 2)] ?? '',
    recoveries.at(-1) ?? '',
    sum(({ violations }) => violations.length),
  ];
}
