import { ApiError } from './session.js';

export function delay(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}

/** What `promise` comes to, if it does so in time. @throws ApiError, else */
export function within(milliseconds, promise) {
  const late = delay(milliseconds).then(() => {
    throw new ApiError(0, 'The server does not answer.');
  });
  return Promise.race([promise, late]);
}

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

/** The time of day, where the screen is. @param time epoch milliseconds */
export function clock(time) {
  return CLOCK.format(time);
}
