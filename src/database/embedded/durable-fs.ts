import { NodeFS } from '@electric-sql/pglite/nodefs';
import { fdatasyncSync } from 'node:fs';

type Init = Awaited<ReturnType<NodeFS['init']>>;
interface NodeStream {
  nfd?: number;
}
interface ModuleWithNodeFs {
  NODEFS: { stream_ops: { fsync?: (stream: NodeStream) => number } };
}

/**
 * PGlite's directory on disk, with `fsync` passed on to the operating system.
 *
 * The stock `NodeFS` has no `fsync`, so PostgreSQL's flush of its log would be answered without one. PGlite's
 * `fdatasync` never reaches a file system at all, which is why the log must also be told `wal_sync_method=fsync`.
 */
export class DurableFs extends NodeFS {
  override async init(...args: Parameters<NodeFS['init']>): Promise<Init> {
    const init = await super.init(...args);
    init.emscriptenOpts.preRun?.push((module) => {
      (module as unknown as ModuleWithNodeFs).NODEFS.stream_ops.fsync = ({ nfd }) => {
        if (nfd !== undefined) fdatasyncSync(nfd);
        return 0;
      };
    });
    return init;
  }
}
