// A plugin of the bundler: `explain: async () => ({ … })` in a file of codes or checks loads its object from a
// module of its own. The texts of a code are in its file, and no start loads them.
import { relative } from 'node:path';
import { Visitor } from 'rolldown/utils';

const prefix = 'explanation:';

export const isExplanation = (id) => id.startsWith(prefix);

export function explanationsApart() {
  const texts = new Map();
  return {
    name: 'explanations-apart',
    transform: {
      filter: { id: /[\\/]src[\\/](?:checks|core[\\/]diagnostics[\\/]codes)[\\/][^\\/]+\.ts$/ },
      handler(code, id) {
        const found = [];
        new Visitor({
          Property({ key, value }) {
            if (key.name !== 'explain' || value.type !== 'ArrowFunctionExpression' || !value.async) return;
            const body = value.body.type === 'ParenthesizedExpression' ? value.body.expression : value.body;
            if (body.type === 'ObjectExpression') found.push({ start: value.start, end: value.end, body });
          },
        }).visit(this.parse(code, { lang: 'ts' }));
        if (found.length === 0) return null;
        const name = `${prefix}${relative('.', id)}`;
        texts.set(name, `export default [${found.map(({ body }) => code.slice(body.start, body.end)).join(', ')}];`);
        let changed = code;
        for (const [index, { start, end }] of [...found.entries()].reverse()) {
          changed = `${changed.slice(0, start)}() => explanation(${index})${changed.slice(end)}`;
        }
        const load = `(await import(${JSON.stringify(name)})).default[index]`;
        return { code: `${changed}\nasync function explanation(index: number) { return ${load}; }\n`, map: null };
      },
    },
    resolveId: (id) => (isExplanation(id) ? id : null),
    load: (id) => texts.get(id) ?? null,
  };
}
