// What hosts found, decided and noticed, each an OCSF event.

import {el, badge, card, time} from './dom.js';
import {get} from './api.js';

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
    const name = process.file?.path ?? process.name ?? '?';
    const user = process.user?.name ?? (process.user?.uid === undefined ? '' : `uid ${process.user.uid}`);
    return el('li', {}, el('code', {}, name), el('span', {class: 'soft'}, ` ${process.pid ?? ''} ${user}`),
      process.cmd_line ? el('pre', {}, process.cmd_line) : null,
      index + 1 < chain.length ? el('ul', {}, node(index + 1)) : null);
  };
  return el('ul', {class: 'tree'}, node(0));
}

function words(event) {
  if (event.class_uid === FINDING) {
    return event.finding_info?.title ?? event.message ?? 'finding';
  }
  return event.message ?? event.status_detail ?? `${event.activity_name ?? event.type_name ?? event.class_name ?? 'event'} ${event.file?.path ?? event.process?.file?.path ?? ''}`;
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

export async function findings() {
  const found = (await get('/findings')).findings;
  return [
    el('h1', {}, 'Findings'),
    card('', found.length === 0
      ? el('p', {}, 'No host has found anything.')
      : found.map((each) => line(each.line, `f${each.host}-${each.number}`, el('a', {href: `#/hosts/${each.host}`}, each.name)))),
  ];
}
