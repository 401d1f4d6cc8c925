//! What is particular to JavaScript and TypeScript.

use crate::scan::testing::check_lines;

const MODELS: &str = include_str!("../../testing/javascript.toml");

fn check(code: &str) {
    let head =
        "const express = require('express');\nconst { exec } = require('child_process');\nconst app = express();\n";
    check_lines("src/app.js", &format!("{head}{code}"), &[MODELS]);
}

#[test]
fn handlers_and_destructuring() {
    check(
        r#"
app.get('/', (req, res) => {
  exec('ls ' + req.query.a); // hit
  const { b, c = 'x', ...rest } = req.query;
  exec('ls ' + b); // hit
  exec('ls ' + c); // hit
  exec('ls ' + rest.d); // hit
  exec(`ls ${req.query['e'].trim()}`); // hit
  exec('ls ' + req.query.a.length);
  exec('ls ' + Number(req.query.a));
  exec('ls ' + req.app.name);
});
app.post('/x', handler);
function handler(req, res) {
  exec(req.body.cmd); // hit
}
app.use(async ({ query: { q } }, res) => {
  exec(q); // hit
});
"#,
    );
}

#[test]
fn placeholders_tags_and_objects() {
    check(
        r#"
app.get('/', async (req, res) => {
  const q = req.query.q;
  await db.query('SELECT * FROM t WHERE a = $1', [q]);
  await db.query(`SELECT * FROM t WHERE a = ${q}`); // hit
  await db.query(sql`SELECT * FROM t WHERE a = ${q}`);
  await prisma.$queryRaw`SELECT ${q}`;
  db.run({ sql: 'SELECT ' + q, values: [] }); // hit
  db.run({ sql: 'SELECT ?', values: [q] });
});
"#,
    );
}

#[test]
fn guards_of_the_language() {
    check(
        r#"
const ALLOWED = ['a', 'b'];
const SET = new Set(ALLOWED);
const MAP = { a: 'ls a', b: 'ls b' };
app.get('/', (req, res) => {
  const q = req.query.q;
  if (ALLOWED.includes(q)) exec(q);
  if (!SET.has(q)) return res.status(400).end();
  exec('ls ' + q);
});
app.get('/b', (req, res) => {
  const q = req.query.q;
  exec(MAP[q]);
  if (typeof q === 'number') exec(q);
  if (typeof q === 'string') exec(q); // hit
  if (/^[a-z]+$/.test(q)) exec(q);
  switch (q) {
    case 'a':
    case 'b':
      exec(q);
      break;
    default:
      exec(q); // hit
  }
  const r = ALLOWED.includes(q) ? q : 'a';
  exec(r);
  if (q.includes('..')) exec(q); // hit
});
"#,
    );
}

#[test]
fn arrays_promises_closures() {
    check(
        r#"
app.get('/', (req, res) => {
  const parts = ['ls'];
  parts.push(req.query.a);
  exec(parts.join(' ')); // hit
  req.body.items.forEach((item) => exec(item.name)); // hit
  const quoted = ['x'].map((x) => x + '1');
  exec(quoted.join(' '));
  const all = req.body.items.map((x) => 'a ' + x);
  exec(all.join(' ')); // hit
  Promise.resolve(req.query.b).then((b) => exec(b)); // hit
  let later = 'ls';
  setTimeout(() => exec(later), 1); // hit
  later = req.query.c;
});
"#,
    );
}

#[test]
fn inner_variables_are_their_own() {
    check(
        r#"
app.get('/', (req, res) => {
  const data = 'ls';
  [1].forEach(() => { const data = req.query.a; use(data); });
  exec(data);
  if (req.query.x) { const data = req.query.b; exec(data); } // hit
});
"#,
    );
}

#[test]
fn classes_and_options() {
    check(
        r#"
class Job {
  constructor(cmd, log) { this.cmd = cmd; this.log = 'x'; }
  run() { exec(this.cmd); exec(this.log); } // hit
}
function start({ cmd, cwd }) {
  exec(cmd); // hit
  exec(cwd);
}
function begin(options) {
  exec(options.cmd); // hit
  exec(options.cwd);
}
app.get('/', (req, res) => {
  new Job(req.query.a, 'x').run();
  start({ cmd: req.query.a, cwd: '/tmp' });
  begin({ cmd: req.query.a, cwd: '/tmp' });
});
"#,
    );
}

#[test]
fn written_members_and_attributes() {
    check_lines(
        "src/app.tsx",
        r#"
import express, { Request, Response } from 'express';
import DOMPurify from 'dompurify';
export function handler(req: Request, res: Response) {
  element.innerHTML = req.query.a; // hit
  element.textContent = req.query.a;
  element.innerHTML = DOMPurify.sanitize(req.query.a);
  return <div dangerouslySetInnerHTML={{ __html: req.query.a }} className="x" />; // hit
}
"#,
        &[MODELS],
    );
}

#[test]
fn decorators_on_parameters() {
    check_lines(
        "src/app.ts",
        r#"
import { Controller, Query, Get } from '@nestjs/common';
import { exec } from 'child_process';
@Controller('x')
export class C {
  @Get()
  find(@Query('q') q: string, log: Logger) {
    exec(q); // hit
  }
}
"#,
        &[MODELS],
    );
}

#[test]
fn options_are_named_arguments() {
    check(
        r#"
const { spawn } = require('child_process');
app.get('/', (req, res) => {
  spawn('ls ' + req.query.a, { shell: true }); // hit
  spawn('ls ' + req.query.a, [], { cwd: '/', shell: true }); // hit
  spawn('ls ' + req.query.a, { shell: false });
  spawn('ls ' + req.query.a, []);
});
"#,
    );
}

#[test]
fn handlers_registered_elsewhere_are_known_by_their_parameters() {
    check(
        r#"
exports.run = (request, res) => exec('ls ' + request.query.a); // hit
exports.other = (question, res) => exec('ls');
"#,
    );
}

#[test]
fn a_wrapped_function_is_the_function() {
    check(
        r#"
const util = require('util');
const run = util.promisify(exec);
app.get('/', wrap(async (q, r) => {
  await run('ls ' + q.query.a); // hit
}));
"#,
    );
}

#[test]
fn what_a_passed_function_gives_back() {
    check(
        r#"
app.get('/', async (req, res) => {
  const ids = req.body.ids;
  await db.query('SELECT ' + ids.map(() => '?').join(','));
  await db.query('SELECT ' + ids.map(Number).join(','));
  await db.query('SELECT ' + ids.map((id) => `${id}`).join(',')); // hit
  exec('ls ' + req.query.a.replace(/[^a-z0-9]/g, ''));
  exec('ls ' + req.query.a.replace(/;/g, '')); // hit
});
"#,
    );
}
