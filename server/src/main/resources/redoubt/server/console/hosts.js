// Hosts, and one of them with what it decided and noticed.

import {el, badge, card, table, facts, time, confirmed} from './dom.js';
import {get, post, Refused} from './api.js';
import {line} from './findings.js';

const TONES = {enforcing: 'good', monitoring: 'warn', observing: 'warn', degraded: 'bad', 'cast out': 'bad', away: 'warn', unknown: 'warn'};
const COMMAND_TONES = {done: 'good', failed: 'bad', expired: 'bad'};
const PAGE = 1000;
let wanted = '';

export const standing = (each) => (each.revoked ? 'cast out' : each.connected ? each.state : 'away');

const state = (each) => badge(standing(each), TONES[standing(each)] ?? 'soft');

/** All of them, page by page. */
export async function all() {
  const hosts = [];
  for (;;) {
    const from = hosts.length === 0 ? 0 : hosts[hosts.length - 1].number + 1;
    const page = (await get(`/hosts?most=${PAGE}&from=${from}`)).hosts;
    hosts.push(...page);
    if (page.length < PAGE) {
      return hosts;
    }
  }
}

export async function hosts(me, again) {
  const known = await all();
  const word = wanted.toLowerCase();
  const shown = known.filter((each) => [each.name, each.site, each.system, each.id, standing(each)].join(' ').toLowerCase().includes(word));
  const MOST = 500;
  return [
    el('h1', {}, 'Hosts'),
    card('',
      el('label', {}, 'Find by name, site, system or state',
        el('input', {id: 'find', type: 'search', value: wanted, oninput: (event) => { wanted = event.target.value; again(); }})),
      table(`${shown.length} of ${known.length}${shown.length > MOST ? `, the first ${MOST}` : ''}`, [
        {label: 'Name', cell: (each) => el('a', {href: `#/hosts/${each.id}`}, each.name)},
        {label: 'State', cell: state},
        {label: 'Heard of', cell: (each) => time(each.seen)},
        {label: 'Site', cell: (each) => each.site || '–'},
        {label: 'Class', cell: (each) => each.deviceClass},
        {label: 'System', cell: (each) => each.system},
      ], shown.slice(0, MOST))),
  ];
}

function words(command) {
  if (command.action === 'isolate') {
    return `isolate for ${command.seconds} s`;
  }
  if (command.action === 'take-back') {
    return `take back ${command.engine}`;
  }
  return command.action === 'scan' ? `scan ${command.paths.join(' ')}` : command.action.replace('-', ' ');
}

function actions(me, each, again) {
  if (me.role !== 'operator' && me.role !== 'owner') {
    return null;
  }
  const act = (path, question, word, harm, body) => el('button', {
    id: `act-${body?.action ?? path}`,
    class: harm ? 'harm' : false,
    onclick: async () => {
      if (!(await confirmed(question, word, harm))) {
        return;
      }
      try {
        await post(`/hosts/${each.id}/${path}`, body);
      } catch (problem) {
        await confirmed(problem instanceof Refused ? problem.message : 'it could not be done', 'Understood', false);
      }
      again();
    },
  }, word);
  return el('div', {class: 'actions'},
    act('pin', 'Leave this host as it is, whatever is rolled out or back?', 'Pin', false),
    act('unpin', 'Let rollouts reach this host again?', 'Unpin', false),
    each.revoked ? null : act('commands', 'Cut this host off from the network for four hours, but for this server?', 'Isolate', true, {action: 'isolate', seconds: 14400}),
    each.revoked ? null : act('commands', 'Let this host talk to everybody again?', 'Release', false, {action: 'end-isolation'}),
    each.revoked ? null : act('revoke', 'Cast this host out? It is cut off at once, and goes on protecting itself.', 'Cast out', true));
}

export async function host(me, again, id) {
  const [each, records, commands] = await Promise.all([
    get(`/hosts/${id}`), get(`/hosts/${id}/records?most=100`), get(`/hosts/${id}/commands?most=20`)]);
  return [
    el('h1', {}, each.name),
    actions(me, each, again),
    card('', facts([
      ['state', state(each)],
      ['heard of', time(each.seen)],
      ['taken in', [time(each.enrolled), `, enrolment ${each.enrolment}`]],
      ['cast out', each.revoked ? time(each.revoked) : ''],
      ['site', each.site],
      ['class', each.deviceClass],
      ['system', `${each.system}, Linux ${each.kernel}`],
      ['machine', `${each.machine} ${each.model}, ${each.processors} processors, ${each.memoryMiB} MiB`],
      ['agent', each.agentVersion],
      ['id', el('code', {}, each.id)],
    ])),
    commands.commands.length === 0 ? null : card('What was to be done on it', table('Newest first', [
      {label: 'When', cell: (command) => time(command.made)},
      {label: 'Who', cell: (command) => command.operator},
      {label: 'What', cell: words},
      {label: 'State', cell: (command) => badge(command.state, COMMAND_TONES[command.state] ?? 'warn')},
      {label: 'What became of it', cell: (command) => command.outcome ?? '–'},
    ], commands.commands)),
    card('What it decided and noticed', records.records.length === 0
      ? el('p', {class: 'soft'}, 'Nothing yet.')
      : records.records.map((record) => line(record.line, `r${record.number}`))),
  ].filter((part) => part !== null);
}
