// A plugin of the bundler for CommonJS: chunks that Node reads and compiles faster. A start spends most of its time so.
import { Visitor } from 'rolldown/utils';

export function plainChunks() {
  return {
    name: 'plain-chunks',
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter(({ type }) => type === 'chunk');
      const runtime = chunks.find(
        ({ moduleIds }) => moduleIds.length === 1 && moduleIds[0].includes('rolldown/runtime'),
      );
      const parse = (code) => this.parse(code);
      for (const chunk of chunks) chunk.code = edited(chunk.code, plainExports(chunk.code, parse(chunk.code)));
      for (const chunk of chunks) {
        const requests = requestsOf(chunk.code, parse(chunk.code), runtime && baseOf(runtime.fileName), runtime?.code);
        chunk.code = edited(chunk.code, requests);
      }
      if (runtime !== undefined) delete bundle[runtime.fileName];
    },
  };
}

const baseOf = (fileName) => fileName.replace(/.*\//, '');

function edited(code, edits) {
  let changed = code;
  for (const { start, end, text } of edits.sort((one, other) => other.start - one.start))
    changed = `${changed.slice(0, start)}${text}${changed.slice(end)}`;
  return changed;
}

/**
 * Exports of values instead of getters, a function each. At the end of a chunk, where the bundler exports, every value
 * is there; a variable that is assigned to elsewhere keeps its getter.
 */
function plainExports(code, program) {
  const found = [];
  const changing = new Set();
  new Visitor({
    CallExpression({ start, end, callee, arguments: [target, name, descriptor] }) {
      if (callee.object?.name !== 'Object' || callee.property?.name !== 'defineProperty') return;
      if (target?.name !== 'exports' || descriptor?.type !== 'ObjectExpression') return;
      const getter = descriptor.properties.find(({ key }) => key?.name === 'get')?.value;
      const [only, ...more] = getter?.body?.body ?? [];
      if (only?.type !== 'ReturnStatement' || only.argument?.type !== 'Identifier' || more.length > 0) return;
      const variable = only.argument.name;
      found.push({ start, end, variable, text: `exports[${code.slice(name.start, name.end)}]=${variable}` });
    },
    AssignmentExpression({ left: { start, end } }) {
      // Also within a pattern.
      for (const [name] of code.slice(start, end).matchAll(/[\w$]+/g)) changing.add(name);
    },
    UpdateExpression({ argument }) {
      if (argument.type === 'Identifier') changing.add(argument.name);
    },
  }).visit(program);
  return found.filter(({ variable }) => !changing.has(variable));
}

/**
 * An awaited import without the two or three functions that the bundler makes of it; as before, it requires only when
 * all that runs has ended, for the chunk itself may not have exported yet. The bundler's own helper costs less than the
 * file that it was in, and is put where it is required.
 */
function requestsOf(code, program, runtime, helper) {
  const found = [];
  new Visitor({
    AwaitExpression({ start, end, argument }) {
      const plain = plainImport(code, argument);
      if (plain !== undefined) found.push({ start, end, text: `(await 0,${plain})` });
    },
    CallExpression(call) {
      const file = requiredFile(call);
      if (file !== undefined && runtime !== undefined && baseOf(file) === runtime)
        found.push({ start: call.start, end: call.end, text: `(()=>{let exports={};${helper}return exports})()` });
    },
  }).visit(program);
  return found;
}

const requiredFile = ({ type, callee, arguments: given }) =>
  type === 'CallExpression' && callee.name === 'require' ? given[0]?.value : undefined;

/** `require("x")` or `require("x").y` for `Promise.resolve().then(()=>require("x"))`, also followed by `.then(e=>e.y)`. */
function plainImport(code, expression) {
  const [promise, next] = thenOf(expression) ?? [];
  if (next === undefined) return undefined;
  if (isResolved(promise)) return requiredFile(next.body) && code.slice(next.body.start, next.body.end);
  const { body, params } = next;
  const isPart = body.type === 'MemberExpression' && !body.computed && body.object.name === params[0]?.name;
  const whole = isPart ? plainImport(code, promise) : undefined;
  return whole && `${whole}.${body.property.name}`;
}

/** The promise and the arrow function of `promise.then(() => …)`. */
function thenOf({ type, callee, arguments: given }) {
  if (type !== 'CallExpression' || callee.property?.name !== 'then') return undefined;
  const [next, ...more] = given;
  return next?.type === 'ArrowFunctionExpression' && more.length === 0 ? [callee.object, next] : undefined;
}

const isResolved = ({ type, callee, arguments: given }) =>
  type === 'CallExpression' &&
  callee.object?.name === 'Promise' &&
  callee.property?.name === 'resolve' &&
  given.length === 0;
