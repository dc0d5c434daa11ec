import { Session } from './session.js';
import { Feed } from './feed.js';
import { Figures } from './figures.js';
import { Screen } from './screen.js';
import { SignIn } from './sign-in.js';
import { hostSource, publicSource, sessionIn } from './sources.js';

const here = sessionIn(document);
const screen = new Screen();

if (here.dashboard) {
  screen.show(here, new Figures(here.dashboard));
  const { message } = await new Feed(publicSource(here.session_id), screen).run();
  screen.become('ended', message);
} else {
  await watchAsHost();
}

/** Whenever the server refuses, who is signed in may not, or no longer, watch: someone else may sign in. */
async function watchAsHost() {
  const session = new Session();
  const signIn = new SignIn(session);
  if (!session.user) await signedIn(signIn);
  for (;;) {
    screen.become('connecting');
    const { message } = await new Feed(hostSource(here.session_id, session), screen).run();
    await signedIn(signIn, message);
  }
}

async function signedIn(signIn, why) {
  screen.become('ended', 'Not signed in');
  screen.hide();
  await signIn.ask(why);
}
