// What may run on the hosts of the fleet whatever engines say.

import {el, card, table, time, confirmed} from './dom.js';
import {get, post, remove, Refused} from './api.js';

const DAYS = [['', 'never'], ['1', 'in a day'], ['7', 'in a week'], ['30', 'in 30 days']];

/** A digest by its beginning, with the whole of it for whoever asks; anything else as it is. */
const subject = (value) => (/^[0-9a-f]{64}$/i.test(value)
  ? el('abbr', {title: value}, `${value.slice(0, 16)}\u2026`)
  : el('span', {class: 'long'}, value));

const field = (label, input) => el('label', {}, label, input);

/** Asks for an exception; resolves to what the server is to be told, or to nothing. */
function wanted() {
  return new Promise((resolve) => {
    const value = el('input', {id: 'allow-value', required: true, maxlength: '512', autocomplete: 'off', spellcheck: 'false'});
    const engine = el('input', {id: 'allow-engine', placeholder: 'every engine', autocomplete: 'off'});
    const label = el('input', {id: 'allow-label', placeholder: 'every host', autocomplete: 'off'});
    const days = el('select', {id: 'allow-days'}, DAYS.map(([count, text]) => el('option', {value: count}, text)));
    const comment = el('input', {id: 'allow-comment', maxlength: '256', autocomplete: 'off'});
    let told = null;
    const dialog = el('dialog', {'aria-label': 'Let something run'},
      el('form', {
        method: 'dialog',
        onsubmit: () => {
          const until = days.value && new Date(Date.now() + Number(days.value) * 86_400_000).toISOString();
          told = {
            value: value.value.trim(),
            comment: comment.value,
            ...(engine.value && {engine: engine.value.trim()}),
            ...(label.value && {label: label.value.trim()}),
            ...(until && {until}),
          };
        },
      },
      field('Digest of a content, path or package', value),
      field('Against which engine', engine),
      field('On hosts with which label', label),
      field('Ends', days),
      field('Why', comment),
      el('div', {class: 'actions'},
        el('button', {type: 'button', onclick: () => dialog.close()}, 'Cancel'),
        el('button', {class: 'main', type: 'submit'}, 'Let it run'))));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(told);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Does it, and says what is wrong if it cannot be done. */
async function tried(work, again) {
  try {
    await work();
  } catch (problem) {
    await confirmed(problem instanceof Refused ? problem.message : 'it could not be done', 'Understood', false);
  }
  again();
}

export async function policy(me, again) {
  const now = await get('/policy');
  const isOwner = me.role === 'owner';
  const add = async () => {
    const told = await wanted();
    if (told) {
      await tried(() => post('/policy/exceptions', told), again);
    }
  };
  const end = async (each) => {
    if (await confirmed(`End the exception for ${each.value}? Engines decide again, on every host.`, 'End it', true)) {
      await tried(() => remove(`/policy/exceptions/${each.id}`), again);
    }
  };
  const columns = [
    {label: 'No', number: true, cell: (each) => String(each.id)},
    {label: 'May run', cell: (each) => subject(each.value)},
    {label: 'Against', cell: (each) => (each.engine === '*' ? 'every engine' : each.engine)},
    {label: 'On hosts', cell: (each) => each.label ?? 'all'},
    {label: 'Ends', cell: (each) => (each.until ? time(each.until) : 'never')},
    {label: 'By', cell: (each) => each.madeBy},
    {label: 'Why', cell: (each) => each.comment || '\u2013'},
  ];
  if (isOwner) {
    columns.push({
      label: '',
      cell: (each) => el('button', {class: 'harm', id: `end-${each.id}`, 'aria-label': `End ${each.value}`, onclick: () => end(each)}, 'End'),
    });
  }
  return [
    el('h1', {}, 'Policy'),
    el('p', {class: 'soft'}, 'What may run on hosts of the fleet whatever engines say, beside what their own owners allow.'),
    isOwner && el('div', {class: 'actions'}, el('button', {class: 'main', id: 'allow', onclick: add}, 'Let something run')),
    now.exceptions.length === 0
      ? card('', el('p', {}, 'Nothing: engines decide.'))
      : card('', table(`In force on ${now.hostsInForce} of the hosts that are there`, columns, now.exceptions)),
    now.problems.length > 0 && card('Where some of it makes no sense', table('', [
      {label: 'Host', cell: (each) => el('a', {href: `#/hosts/${each.host}`}, each.host.slice(0, 8))},
      {label: 'Left out', number: true, cell: (each) => String(each.leftOut)},
      {label: 'Why', cell: (each) => el('span', {class: 'long'}, each.problem)},
    ], now.problems)),
  ].filter(Boolean);
}
