/** The element of that id. */
export const byId = (id) => document.getElementById(id);

/** A new element. Text among the children stays text: nothing here parses HTML. */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Shows `text` in an element that is not there while it has nothing to say. */
export function say(output, text = '') {
  output.textContent = text;
  output.hidden = text === '';
}

/** Has a form do `action` when it is sent, in place of what a browser would do. */
export function onSubmit(id, output, action) {
  byId(id).addEventListener('submit', (event) => {
    event.preventDefault();
    void attempt(byId(id), output, action);
  });
}

/** Once at a time for a button or a form, whatever the clicks. */
async function attempt(control, output, action) {
  if (control.ariaBusy === 'true') return;
  say(output);
  control.ariaBusy = 'true';
  try {
    await action();
  } catch (error) {
    say(output, error.message);
  } finally {
    control.ariaBusy = 'false';
  }
}
