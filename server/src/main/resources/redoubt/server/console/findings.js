// What hosts found, decided and noticed, each an OCSF event.

import {el, badge, card, confirmed, time} from './dom.js';
import {get, post, remove, Refused} from './api.js';

const SEVERITIES = ['unknown', 'informational', 'low', 'medium', 'high', 'critical', 'fatal'];
const FINDING = 2004;

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The processes that led to it, the oldest first. */
function lineage(event) {
  const chain = [];
  let process = event.actor?.process ?? event.process ?? event.evidences?.[0]?.process ?? event.evidences?.[0]?.actor?.process;
  while (process && chain.length < 32) {
    chain.unshift(process);
    process = process.parent_process;
  }
  return chain;
}

function tree(chain) {
  const node = (index) => {
    const process = chain[index];
    const name = process.path ?? process.file?.path ?? process.name ?? '?';
    const user = process.user?.name ?? (process.user?.uid === undefined ? '' : `uid ${process.user.uid}`);
    return el('li', {}, el('code', {}, name), el('span', {class: 'soft'}, ` ${process.pid ?? ''} ${user}`),
      process.cmd_line ? el('pre', {}, process.cmd_line) : null,
      index + 1 < chain.length ? el('ul', {}, node(index + 1)) : null);
  };
  return el('ul', {class: 'tree'}, node(0));
}

/** The file that it is about, or else the program. */
function subject(event) {
  const evidence = event.evidences?.[0];
  return event.file?.path ?? event.process?.file?.path ?? evidence?.file?.path ?? evidence?.process?.path ?? '';
}

function words(event) {
  const what = event.class_uid === FINDING
    ? event.finding_info?.title ?? event.message ?? 'finding'
    : event.message ?? event.status_detail ?? event.activity_name ?? event.type_name ?? event.class_name ?? 'event';
  const about = subject(event);
  return about && !what.includes(about) ? `${what}: ${about}` : what;
}

/** One event: what happened in a line, all of it when it is opened. */
export function line(text, id, host) {
  const event = parse(text);
  if (!event) {
    return el('pre', {}, text);
  }
  const severity = event.severity_id ?? 0;
  const tone = severity >= 4 ? 'bad' : severity === 3 ? 'warn' : 'soft';
  const chain = lineage(event);
  return el('details', {id},
    el('summary', {}, time(new Date(event.time).toISOString()), ' ',
      badge(event.class_uid === FINDING ? `finding, ${SEVERITIES[severity] ?? severity}` : event.disposition ?? event.action ?? event.class_name ?? 'event', event.action === 'Denied' ? 'bad' : tone),
      ' ', host ?? '', host ? ' ' : '', words(event)),
    chain.length > 0 ? tree(chain) : null,
    el('pre', {}, JSON.stringify(event, null, 2)));
}

/** What a mark of a finding is about, in words. */
const about = (each) => `what ${each.engine} says by ${each.rule ? `“${each.rule}”` : 'a rule without a name'} about ${each.subject || 'anything'}`;

/** Asks why something is no threat; resolves to the comment, or to null if it is not to be marked. */
function why(each) {
  return new Promise((resolve) => {
    const comment = el('input', {id: 'mark-comment', maxlength: '256', autocomplete: 'off'});
    let told = null;
    const dialog = el('dialog', {'aria-label': 'No threat'},
      el('form', {method: 'dialog', onsubmit: () => { told = comment.value; }},
        el('p', {class: 'long'}, `Is it no threat, on every host, ${about(each)}? It is counted as a false positive of ${each.engine}, and changes no decision.`),
        el('label', {}, 'Why', comment),
        el('div', {class: 'actions'},
          el('button', {type: 'button', onclick: () => dialog.close()}, 'Cancel'),
          el('button', {class: 'main', type: 'submit'}, 'No threat'))));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(told);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Whether it is marked as no threat, and for whom may what marks it or takes that back. */
function mark(me, each, again) {
  const isMarked = each.mark !== undefined;
  const told = isMarked ? badge('no threat', 'good') : null;
  if (!each.engine || !each.subject || (me.role !== 'operator' && me.role !== 'owner')) {
    return told;
  }
  const tried = async (work) => {
    try {
      await work();
    } catch (problem) {
      await confirmed(problem instanceof Refused ? problem.message : 'it could not be done', 'Understood', false);
    }
    again();
  };
  const add = async () => {
    const comment = await why(each);
    if (comment !== null) {
      await tried(() => post('/marks', {engine: each.engine, rule: each.rule, subject: each.subject, comment}));
    }
  };
  const undo = async () => {
    if (await confirmed(`Take back that it is no threat? It is mark ${each.mark}, and may be about more than this finding.`, 'Take back', false)) {
      await tried(() => remove(`/marks/${each.mark}`));
    }
  };
  // One id for both: the focus stays where it was.
  return [told, el('button', {
    id: `mark-${each.host}-${each.number}`,
    'aria-label': `${isMarked ? 'Undo no threat' : 'No threat'}: ${about(each)}`,
    onclick: isMarked ? undo : add,
  }, isMarked ? 'Undo' : 'No threat')];
}

export async function findings(me, again) {
  const found = (await get('/findings')).findings;
  return [
    el('h1', {}, 'Findings'),
    card('', found.length === 0
      ? el('p', {}, 'No host has found anything.')
      : found.map((each) => el('div', {class: 'finding'},
        line(each.line, `f${each.host}-${each.number}`, el('a', {href: `#/hosts/${each.host}`}, each.name)),
        el('div', {class: 'marking'}, mark(me, each, again))))),
  ];
}
