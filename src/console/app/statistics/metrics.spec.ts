import { expect, it } from 'vitest';
import { parseMetrics } from './metrics.js';

it('reads what there is by dialect, and sums over the other labels', () => {
  const metrics = parseMetrics(`# HELP parlance_connections Connections that are open.
# TYPE parlance_connections gauge
parlance_connections{dialect="flat"} 2
parlance_connections{dialect="tribe"} 0
parlance_frames_refused_total{dialect="flat",code="invalid"} 3
parlance_frames_refused_total{dialect="flat",code="not_found"} 4
parlance_nodes 1
`);
  expect(metrics.get('parlance_connections')).toEqual(
    new Map([
      ['flat', 2],
      ['tribe', 0],
    ]),
  );
  expect(metrics.get('parlance_frames_refused_total')).toEqual(new Map([['flat', 7]]));
  expect(metrics.has('parlance_nodes')).toBe(false);
});
