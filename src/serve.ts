import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Additions } from './app.module.js';
import { createApplication, listen, logOf } from './application.js';
import { HttpSettings } from './config/settings.js';
import { LeavingIndicator } from './health/leaving.indicator.js';

/** Runs the server until the process is told to stop. @throws when it cannot be, with a message of one line */
export async function serve(additions: Additions = {}): Promise<void> {
  const app = await createApplication(additions);
  leaveOnSignal(app);
  leaveOnFault(app);
  const urls = await listen(app);
  logOf(app).info({ urls, ms: Math.round(process.uptime() * 1000) }, 'ready');
}

/** A first signal lets what was begun be finished, within the grace; a second one, or the end of the grace, does not. */
function leaveOnSignal(app: NestFastifyApplication): void {
  let isLeaving = false;
  const leave = (): void => {
    if (isLeaving) process.exit(1);
    isLeaving = true;
    app.get(LeavingIndicator).leave();
    setTimeout(() => process.exit(1), app.get(HttpSettings).shutdownGrace).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logOf(app).fatal({ err: error }, 'the stop failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', leave).on('SIGINT', leave);
}

/** Nothing is known of the state after what nobody expected: the supervisor starts anew. */
function leaveOnFault(app: NestFastifyApplication): void {
  const fault = (error: unknown): void => {
    logOf(app).fatal({ err: error }, 'unexpected fault');
    process.exit(1);
  };
  process.on('uncaughtException', fault).on('unhandledRejection', fault);
}
