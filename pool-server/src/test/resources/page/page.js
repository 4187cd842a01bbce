'use strict';

// Runs the script of the status page over a page of stubs, shows it an answer of the pool, and prints what each of the
// expressions is then.
//
//   node page.js status.js answer.json expression…

const fs = require('fs');
const vm = require('vm');

const [script, answer, ...expressions] = process.argv.slice(2);

function element() {
  return {
    className: '', hidden: false, children: [],
    append(...more) { this.children.push(...more); },
    replaceChildren(...others) { this.children = others; },
    setAttribute() {},
    toggleAttribute() {},
    addEventListener() {},
    get parentElement() { return table; },
    set textContent(text) { this.children = [text]; },
    get textContent() {
      return this.children.map(child => typeof child === 'string' ? child : child.textContent).join(' ');
    },
  };
}

const table = {hidden: false, tHead: {rows: [{cells: Array.from({length: 20}, element)}]}};
const elements = {};
const page = vm.createContext({
  document: {
    hidden: true,
    createElement: element,
    createElementNS: element,
    getElementById: id => elements[id] ??= element(),
    addEventListener() {},
  },
  location: {hash: ''},
  window: {addEventListener() {}},
  setTimeout() {},
});
vm.runInContext(fs.readFileSync(script, 'utf8'), page);
page.pool = JSON.parse(fs.readFileSync(answer, 'utf8'));
page.show(page.pool);
for (const expression of expressions) console.log(String(vm.runInContext(expression, page)));
