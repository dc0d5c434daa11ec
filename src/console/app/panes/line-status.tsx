import { durationOf } from '../ui/formats.js';
import { Spark } from '../ui/spark.js';
import type { Line, LineState } from './line.js';

const WORDS: Readonly<Record<LineState, string>> = {
  closed: 'Not connected',
  connecting: 'Connecting …',
  open: 'Connected',
  resuming: 'Resuming …',
  waiting: 'Connection lost, coming back …',
};

interface LineStatusProps {
  readonly line: Line;
  /** How it went when it came back. */
  readonly resumed?: string;
  /** Whether it hears what it is there for. */
  readonly isListening?: boolean;
}

/** How a connection stands, in words: its state, why it ended, how long answers take. */
export function LineStatus({ line, resumed, isListening }: LineStatusProps) {
  const state = line.state.value;
  const closing = line.closing.value;
  const trips = line.roundTrips.value;
  const last = trips.at(-1);
  return (
    <div class="line-status">
      <div role="status" class="state" data-state={state}>
        <p>
          <span class="dot" aria-hidden="true" />
          {WORDS[state]}
          {closing?.code && <code>{closing.code}</code>}
          {isListening && <span class="badge listening">Listening</span>}
        </p>
        {closing && <p class="hint">{closing.words}</p>}
        {resumed && <p class="hint">{resumed}</p>}
      </div>
      {last !== undefined && line.isOpen && (
        <p class="latency" title="From sending until the answer was heard">
          <Spark values={trips} label={`Round trips: the last one took ${durationOf(last)}`} />
          {durationOf(last)}
        </p>
      )}
    </div>
  );
}
