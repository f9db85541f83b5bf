// Controls for the labels of a conditional generator.
import { element } from '/assets/explorer.js';

// Quotes settle what belongs together where a value has a comma or an equals sign in it.
const quoted = text => (/[,="']/.test(text) ? `"${text}"` : text);

const write = {
  categorical: (field, value) => field.values[value],
  binary: (_, value) => (value > 0 ? 'yes' : 'no'),
  numeric: (_, value) => String(Math.round(10000 * value) / 10000),
};

/**
 * A control for each field.
 * @param {HTMLElement} parent Where.
 * @param {object[]} fields As the model describes them.
 * @param {?number[]} example A value for each field to begin with.
 * @param {(label: string) => void} changed Is told the label, as the command line takes it.
 */
export function labelControls(parent, fields, example, changed) {
  const values = fields.map((field, i) => example?.[i] ?? (field.kind === 'numeric' ? (field.low + field.high) / 2 : 0));
  const describe = () => (fields.length === 1 ? write[fields[0].kind](fields[0], values[0])
    : fields.map((field, i) => `${quoted(field.name)}=${quoted(write[field.kind](field, values[i]))}`).join(', '));
  const setters = fields.map((field, i) => control(parent, field, i, value => {
    values[i] = value;
    changed(describe());
  }));
  const put = () => setters.forEach((set, i) => set(values[i]));
  put();
  return {
    /** The label that the controls show. */
    get value() { return describe(); },
    /** Shows a label that this wrote; of another one, what can be read of it. */
    set(label) {
      for (const [i, field] of fields.entries()) {
        const value = read(fields.length === 1 ? label : part(label, field.name), field);
        if (value !== undefined) values[i] = value;
      }
      put();
    },
  };
}

/** The text of a field's value in a label. */
function part(label, name) {
  for (const [, quotedName, plainName, quotedValue, plainValue] of
    label.matchAll(/(?:"([^"]*)"|([^,="]+))=(?:"([^"]*)"|([^,]*))(?:,\s*|$)/g))
    if ((quotedName ?? plainName.trim()) === name) return quotedValue ?? plainValue;
  return undefined;
}

function read(text, field) {
  if (text === undefined) return undefined;
  if (field.kind === 'categorical') return field.values.includes(text) ? field.values.indexOf(text) : undefined;
  if (field.kind === 'binary') return text === 'yes' ? 1 : 0;
  const value = parseFloat(text);
  return value >= field.low && value <= field.high ? value : undefined;
}

/** Returns what puts the control to a value. */
function control(parent, field, i, change) {
  const label = element('label', `${field.name} `), input = element(field.kind === 'categorical' ? 'select' : 'input', '');
  input.id = `label-${i}`;
  label.append(input);
  parent.append(label);
  if (field.kind === 'categorical') {
    input.append(...field.values.map((value, k) => element('option', value, { value: k })));
    input.addEventListener('change', () => change(Number(input.value)));
    return value => { input.value = value; };
  }
  if (field.kind === 'binary') {
    input.type = 'checkbox';
    input.addEventListener('change', () => change(input.checked ? 1 : 0));
    return value => { input.checked = value > 0; };
  }
  const output = element('output', '', { htmlFor: input.id });
  Object.assign(input, { type: 'range', min: field.low, max: field.high, step: 'any' });
  label.append(output);
  const tell = () => { output.textContent = String(Math.round(10 * Number(input.value)) / 10); };
  input.addEventListener('input', () => { tell(); change(Number(input.value)); });
  return value => { input.value = value; tell(); };
}
