/** The element of that id. */
export const byId = (id) => document.getElementById(id);

/** A new element. Text among the children stays text: nothing here, or anywhere in the console, parses HTML. */
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

/** Has a button do `action` when it is pressed; what goes wrong is told in `output`. */
export function onPress(id, output, action) {
  byId(id).addEventListener('click', () => void attempt(byId(id), output, action));
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

/** Makes a change to two buttons that undo each other; a focus on the one that goes out of use moves to the other. */
export function keepingFocus(one, other, change) {
  const focused = document.activeElement;
  change();
  const [from, to] = focused === other ? [other, one] : [one, other];
  if (focused === from && (from.hidden || from.disabled)) to.focus();
}

const NEAR = 48; // px

/** Makes a change to a scrolling list, and follows its end where the reader was there before. */
export function followingEnd(scroller, change) {
  const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
  change();
  if (atEnd) scroller.scrollTop = scroller.scrollHeight;
}

/** A segmented choice: the radio buttons of that name. */
export class Choice {
  constructor(name, onChange = () => {}) {
    this.radios = [...document.querySelectorAll(`input[name="${name}"]`)];
    for (const radio of this.radios) radio.addEventListener('change', () => onChange(radio.value));
  }

  get value() {
    return this.radios.find((radio) => radio.checked).value;
  }

  set value(value) {
    for (const radio of this.radios) radio.checked = radio.value === value;
  }

  enable(value, enabled) {
    this.radios.find((radio) => radio.value === value).disabled = !enabled;
  }
}
