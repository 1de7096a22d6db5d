// Who may do what, and who did what.

import {el, badge, card, table, time} from './dom.js';
import {get} from './api.js';

const MAY = {
  viewer: 'looks',
  operator: 'and acts on hosts: takes them in, casts them out, pins them; says what was no threat',
  owner: 'and says who may what, what is rolled out, and what may run everywhere',
  vendor: 'prepares rollouts of its own bundles and sees how they do',
};

export async function people(me) {
  const roles = card('What each role may', table('Each may what those before it may, but vendors', [
    {label: 'Role', cell: ([role]) => badge(role, 'soft')},
    {label: 'May', cell: ([, may]) => may},
  ], Object.entries(MAY)));
  if (me.role !== 'owner') {
    return [el('h1', {}, 'People'), card('', el('p', {}, `You are ${me.name}, ${me.role}. Owners see who else there is.`)), roles];
  }
  const all = (await get('/operators')).operators;
  return [
    el('h1', {}, 'People'),
    card('', table(`${all.length} in all; redoubt fleet operators adds and removes them`, [
      {label: 'Name', cell: (each) => each.name},
      {label: 'Role', cell: (each) => badge(each.role, 'soft')},
      {label: 'Since', cell: (each) => time(each.made)},
      {label: 'Let in by', cell: (each) => each.madeBy},
    ], all)),
    roles,
  ];
}

export async function audit() {
  const entries = (await get('/audit?most=200')).entries;
  return [
    el('h1', {}, 'Audit'),
    card('', table('The newest first', [
      {label: 'No', number: true, cell: (each) => String(each.sequence)},
      {label: 'When', cell: (each) => time(each.time)},
      {label: 'Who', cell: (each) => each.actor},
      {label: 'What', cell: (each) => each.action},
      {label: 'To what', cell: (each) => each.subject || '–'},
      {label: 'Detail', cell: (each) => each.detail || '–'},
    ], entries)),
  ];
}
