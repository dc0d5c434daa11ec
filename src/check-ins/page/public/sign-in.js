import { byId, onSubmit, say } from './dom.js';

/** The form by which a session's host signs in. */
export class SignIn {
  #session;
  #form = byId('sign-in');
  #error = byId('sign-in-error');
  #done;

  constructor(session) {
    this.#session = session;
    onSubmit('sign-in', this.#error, () => this.#submit());
  }

  /** Shows the form, and `why` one has to sign in again, until someone has. */
  ask(why) {
    say(this.#error, why);
    this.#form.hidden = false;
    return new Promise((done) => (this.#done = done));
  }

  async #submit() {
    await this.#session.signIn(Object.fromEntries(new FormData(this.#form)));
    this.#form.reset();
    this.#form.hidden = true;
    this.#done();
  }
}
