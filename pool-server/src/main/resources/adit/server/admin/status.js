'use strict';

// Asks for the pool's state every few seconds and writes it into the page. Everything that comes from outside is
// written as text, never as markup.

const EVERY_MILLIS = 5000;
const HASHES_PER_DIFFICULTY = 2 ** 32;
const WINDOWS = {'1m': '1 minute', '5m': '5 minutes', '1h': '1 hour', '1d': '1 day'};
const VERDICTS = {
  accepted: 'Accepted', stale: 'Stale', duplicate: 'Duplicate', low_difficulty: 'Low difficulty',
  unknown_job: 'Unknown job', ntime_out_of_range: 'Time out of range', version_bits: 'Version bits',
  malformed: 'Malformed', unauthorized: 'Unauthorized worker', unavailable: 'Not taken (journal)',
};
const LOAD = {
  1: 'vardiff aims at half as many shares.',
  2: 'connections that submit over twice their rate wait.',
  3: 'no new connections.',
  4: 'no share can be acknowledged, so miners are let go.',
};

const at = id => document.getElementById(id);

function make(tag, className, ...content) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...content);
  return element;
}

function fill(id, ...children) {
  at(id).replaceChildren(...children);
}

function row(term, ...value) {
  return make('div', '', make('dt', '', term), make('dd', '', ...value));
}

function scaled(value, units) {
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = value >= 100 || unit === 0 ? 0 : value >= 10 ? 1 : 2;
  return value.toFixed(digits) + ' ' + units[unit];
}

const hashrate = perSecond =>
  scaled(perSecond, ['H/s', 'kH/s', 'MH/s', 'GH/s', 'TH/s', 'PH/s', 'EH/s', 'ZH/s']);

const whole = number => Number(number).toLocaleString('en');

function difficulty(text) {
  const value = Number(text);
  return value < 1000 ? String(Number(value.toPrecision(4))) : scaled(value, ['', 'k', 'M', 'G', 'T', 'P', 'E']);
}

// Amounts stay integers: the decimal point is set in the text.
function bitcoin(sats) {
  const digits = BigInt(sats).toString().padStart(9, '0');
  return digits.slice(0, -8) + '.' + digits.slice(-8);
}

const withUnit = amount => amount + ' BTC';

const satsOf = msat => BigInt(msat) / 1000n;

function span(seconds) {
  if (!isFinite(seconds)) return 'never';
  const steps = [['year', 31557600], ['day', 86400], ['hour', 3600], ['minute', 60]];
  for (const [name, size] of steps) {
    if (seconds >= size * (name === 'minute' ? 1 : 2)) {
      const count = Math.round(seconds / size);
      return whole(count) + ' ' + name + (count === 1 ? '' : 's');
    }
  }
  return Math.max(0, Math.round(seconds)) + ' s';
}

function brief(seconds) {
  const steps = [['d', 86400], ['h', 3600], ['min', 60]];
  const [name, size] = steps.find(([, size]) => seconds >= size * (size === 60 ? 1 : 2)) || ['s', 1];
  return whole(Math.max(0, Math.round(seconds / size))) + ' ' + name;
}

function sentence(text) {
  return text === '' ? '' : text[0].toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.');
}

function percent(part, total) {
  const value = 100 * part / total;
  return (value < 0.01 ? '< 0.01' : value.toFixed(2)) + ' %';
}

function ago(instant, now) {
  const element = make('time', '', brief((Date.parse(now) - Date.parse(instant)) / 1000) + ' ago');
  element.dateTime = instant;
  element.title = new Date(instant).toLocaleString();
  return element;
}

const short = text => text.length > 20 ? text.slice(0, 10) + '…' + text.slice(-6) : text;

function shortened(text) {
  const element = make('code', '', short(text));
  element.title = text;
  return element;
}

function tag(text, kind) {
  return make('span', 'tag ' + kind, text);
}

function blockState(block) {
  const depth = block.confirmations + '/' + block.confirmationsNeeded;
  switch (block.state) {
    case 'MATURE': return tag('mature', 'good');
    case 'ACTIVE': return tag('maturing ' + depth, 'good');
    case 'FOUND': return tag('found', 'warn');
    case 'ORPHANED': return tag('orphaned', 'bad');
    default: return tag(block.state.toLowerCase(), 'bad');
  }
}

// A row under the headings of a table: its cells are aligned and left out as the headings are.
function cells(body, ...contents) {
  const headings = at(body).parentElement.tHead.rows[0].cells;
  return make('tr', '', ...contents.map((content, i) => make('td', headings[i].className, content)));
}

function showSpark(series) {
  const svg = at('spark');
  const top = Math.max(...series, 1);
  const points = series.map((value, i) =>
    (i * 600 / (series.length - 1)).toFixed(1) + ',' + (92 - 86 * value / top).toFixed(1));
  const draw = (name, attributes) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  svg.replaceChildren(
    draw('polygon', {class: 'area', points: '0,92 ' + points.join(' ') + ' 600,92'}),
    draw('line', {class: 'floor', x1: 0, x2: 600, y1: 92, y2: 92}),
    draw('polyline', {class: 'line', points: points.join(' ')}));
  const isQuiet = series.every(value => value === 0);
  svg.toggleAttribute('hidden', isQuiet);
  at('spark-note').textContent = isQuiet ? 'No whole minute of the last hour has work yet.'
    : 'By minute over the last hour, highest ' + hashrate(top) + '.';
}

function showHashrate(pool) {
  const windows = pool.hashrate.windows;
  const shown = windows.find(w => w.window === '5m');
  at('rate').textContent = hashrate(shown.hashesPerSecond);
  at('rate-window').textContent =
    'over ' + (shown.seconds < 300 ? span(shown.seconds) : '5 minutes') + (pool.hashrate.scope === 'server' ? ', this server only' : '');
  fill('rates', ...windows.filter(w => w !== shown).map(w => row(WINDOWS[w.window], hashrate(w.hashesPerSecond))),
    row('Connections', whole(pool.connections)));
  showSpark(pool.hashrate.lastHourByMinute);
}

function showConnect(pool) {
  const rows = pool.listeners.map(listener => {
    const value = [make('code', '', listener.url)];
    if (!listener.open) value.push(' ', tag('closed', 'bad'));
    return row(pool.listeners.length > 1 ? listener.name : 'URL', ...value);
  });
  const pays = listener => listener.scheme + (listener.payoutMode === 'booked' ? '' : ', in the block itself')
    + ', pool fee ' + (pool.feeBps / 100) + ' %';
  const isOne = new Set(pool.listeners.map(pays)).size === 1;
  rows.push(
    row('User', make('code', '', 'your address.rig1')),
    row('Password', make('code', '', 'x')),
    ...(isOne ? pool.listeners.slice(0, 1) : pool.listeners).map(listener =>
      row(isOne ? 'Paid by' : listener.name + ' pays by', pays(listener))));
  fill('connect', ...rows);
}

function showWork(pool) {
  const mining = pool.mining;
  const perSecond = pool.hashrate.windows.find(w => w.window === '1h').hashesPerSecond;
  if (!mining) {
    fill('work', row('Mining', tag('no template from any node', 'bad')));
    return;
  }
  const hashes = Number(mining.networkDifficulty) * HASHES_PER_DIFFICULTY;
  fill('work',
    row('Height', whole(mining.height)),
    row('Network difficulty', difficulty(mining.networkDifficulty)),
    row('Block reward', withUnit(bitcoin(mining.rewardSats))),
    row('A block is expected every', perSecond > 0 ? span(hashes / perSecond) : '–'));
}

function showShares(pool) {
  const names = Object.keys(pool.submissions).filter(v => v === 'accepted' || pool.submissions[v] > 0);
  names.sort((a, b) => (b === 'accepted') - (a === 'accepted') || pool.submissions[b] - pool.submissions[a]);
  const total = names.reduce((sum, v) => sum + pool.submissions[v], 0);
  fill('shares', ...names.map(v => row(VERDICTS[v] || v, whole(pool.submissions[v])
    + (total > 0 && v !== 'accepted' ? ' (' + percent(pool.submissions[v], total) + ')' : ''))));
  if (names.length === 1) at('shares').append(row('Refused', 'none'));
}

function part(name, kind, state, line) {
  return make('li', '', tag(state, kind), make('b', '', name), make('div', 'quiet small', line));
}

function showParts(pool) {
  const journal = pool.journal;
  const database = pool.database;
  const parts = pool.nodes.map(node => part(
    'Node ' + node.name + (node.inUse ? ', in use' : ''),
    node.health === 'READY' ? 'good' : 'warn',
    node.health.toLowerCase().replaceAll('_', ' '),
    sentence(node.reason || (node.height === null ? '' : 'at height ' + whole(node.height)))));
  parts.push(part('Share journal', journal.writable ? 'good' : 'bad', journal.writable ? 'writing' : 'failed',
    journal.writable
      ? 'Record ' + whole(journal.durableSequence) + ' of epoch ' + journal.epoch + ' is on disk.'
      : sentence(journal.failure)));
  const waiting = {null: '', 1: 'One record waits to be stored.'}[database.waitingRecords]
    ?? whole(database.waitingRecords) + ' records wait to be stored.';
  parts.push(part('PostgreSQL', database.reachable && !database.trouble ? 'good' : 'warn',
    database.reachable ? (database.trouble ? 'stopped' : 'reachable') : 'away',
    database.trouble || waiting));
  if (pool.loadLevel > 0) {
    parts.push(part('Load', 'warn', 'level ' + pool.loadLevel, 'More to do than is good: ' + LOAD[pool.loadLevel]));
  }
  fill('parts', ...parts);
}

function showBlocks(pool) {
  const blocks = pool.blocks;
  fill('blocks', ...(blocks ? blocks.latest : []).map(block => cells('blocks',
    whole(block.height), ago(block.time, pool.at), blockState(block), bitcoin(block.rewardSats),
    block.credited ? whole(block.credited.miners) : '–',
    shortened(block.finder), shortened(block.hash))));
  const isEmpty = !blocks || blocks.latest.length === 0;
  at('blocks').parentElement.hidden = isEmpty;
  at('no-blocks').hidden = !isEmpty;
  at('no-blocks').textContent = blocks ? 'None found yet.' : 'Known when PostgreSQL answers.';
  at('block-counts').textContent = !blocks ? '' : Object.entries(blocks.counts)
    .map(([state, count]) => whole(count) + ' ' + (state === 'ACTIVE' ? 'maturing' : state.toLowerCase())).join(', ');
}

function showState(pool) {
  const notices = [];
  const bad = text => notices.push(make('p', 'notice bad', text));
  const warn = text => notices.push(make('p', 'notice warn', text));
  if (!pool.journal.writable) bad('The share journal cannot be written, so no share is taken: ' + sentence(pool.journal.failure));
  if (!pool.listeners.some(l => l.open)) bad('No port for miners is open.');
  const isDown = notices.length > 0;
  if (!pool.mining) bad('No node has a valid template, so miners get no new work.');
  if (!pool.database.reachable) {
    warn(pool.database.trouble + (pool.blocks
      ? ' Blocks are shown as they were ' + span((Date.parse(pool.at) - Date.parse(pool.database.knownAt)) / 1000) + ' ago.'
      : ''));
  } else if (pool.database.trouble) {
    warn(pool.database.trouble);
  }
  const isDegraded = notices.length > 0 || pool.loadLevel > 0 || pool.nodes.some(n => n.health !== 'READY');
  fill('notices', ...notices);
  setState(isDown ? 'bad' : isDegraded ? 'warn' : 'good',
    isDown ? 'Not serving' : isDegraded ? 'Serving, degraded' : 'Serving');
}

function setState(kind, text) {
  at('state').className = 'pill ' + kind;
  at('state').textContent = text;
}

function show(pool) {
  document.title = pool.name + ': ' + hashrate(pool.hashrate.windows[1].hashesPerSecond);
  at('name').textContent = pool.name;
  at('about').textContent = 'Bitcoin ' + pool.network + ', Adit ' + pool.version + ', up ' + span(pool.uptimeSeconds);
  showState(pool);
  showHashrate(pool);
  showConnect(pool);
  showWork(pool);
  showShares(pool);
  showParts(pool);
  showBlocks(pool);
  at('as-of').textContent = 'As of ' + new Date(pool.at).toLocaleTimeString() + '.';
}

async function look() {
  try {
    const response = await fetch('/api/v1/pool', {cache: 'no-store'});
    const body = await response.json();
    if (!response.ok) throw new Error(body.error);
    show(body);
  } catch (failure) {
    setState('bad', 'No answer');
    fill('notices', make('p', 'notice bad', 'The pool does not answer; the figures below are the last known. ('
      + failure.message + ')'));
  }
}

function showMiner(miner) {
  at('no-address').hidden = miner.payoutAddress !== null;
  const figures = miner.hashrate.map(w => row(WINDOWS[w.window], hashrate(w.hashesPerSecond)));
  fill('balances',
    row('Available', withUnit(bitcoin(satsOf(miner.balances.availableMsat)))),
    row('Immature', withUnit(bitcoin(satsOf(miner.balances.immatureMsat)))), ...figures);
  fill('workers', ...miner.workers.map(worker => cells('workers',
    worker.name || '(no name)', ago(worker.lastShareAt, miner.at),
    ...worker.hashrate.map(w => hashrate(w.hashesPerSecond)))));
  fill('screens', ...miner.workers.filter(worker => worker.screen).map(worker => make('li', '',
    make('strong', '', worker.name || '(no name)'), ' · ' + worker.screen.firmware + ': ' + worker.screen.text)));
  at('workers-note').textContent = miner.workers.length === 0 ? 'None in the last day.'
    : miner.workers.length < miner.workersLastDay
      ? 'The latest ' + miner.workers.length + ' of ' + whole(miner.workersLastDay) + ' in the last day.' : '';
  fill('credits', ...miner.credits.map(credit => cells('credits',
    credit.block ? whole(credit.block.height) : '–', ago(credit.block ? credit.block.time : credit.at, miner.at),
    credit.scheme, credit.block ? blockState(credit.block) : '–',
    bitcoin(satsOf(credit.creditMsat)) + (credit.directMsat === '0' ? '' : ' in the coinbase'))));
  at('no-credits').hidden = miner.credits.length > 0;
}

let asked = '';

async function lookAtMiner() {
  if (!asked) return;
  const address = asked;
  let problem = '';
  try {
    const response = await fetch('/api/v1/miners/' + encodeURIComponent(address), {cache: 'no-store'});
    const body = await response.json();
    if (address !== asked) return;
    if (response.ok) showMiner(body);
    else problem = body.error;
  } catch (failure) {
    problem = 'The pool does not answer. (' + failure.message + ')';
  }
  at('miner').hidden = problem !== '';
  at('miner-problem').hidden = problem === '';
  at('miner-problem').textContent = problem;
}

function ask(address) {
  asked = address.trim();
  at('address').value = asked;
  lookAtMiner();
}

at('ask').addEventListener('submit', event => {
  event.preventDefault();
  history.replaceState(null, '', '#' + encodeURIComponent(at('address').value.trim()));
  ask(at('address').value);
});

// A name that somebody wrote into the address as it is may hold a lone per cent sign.
function inAddress() {
  const name = location.hash.slice(1);
  try {
    return decodeURIComponent(name);
  } catch (malformed) {
    return name;
  }
}

window.addEventListener('hashchange', () => ask(inAddress()));

async function turn() {
  if (!document.hidden) await Promise.all([look(), lookAtMiner()]);
  setTimeout(turn, EVERY_MILLIS);
}

document.addEventListener('visibilitychange', () => { if (!document.hidden) look(); });
if (location.hash) ask(inAddress());
turn();
