/*
 * Lists of any length. A list that is spread into a call (`push`, `Math.max`) goes onto the stack item by item, and the
 * stack holds some 100,000 of them: a table of so many rows would end the program.
 */

/** Adds items at the end of a list. */
export function append<Item>(list: Item[], items: Iterable<Item>): void {
  for (const item of items) list.push(item);
}

/** The largest of some numbers, and at least 0. */
export function largestOf(numbers: Iterable<number>): number {
  let most = 0;
  for (const number of numbers) if (number > most) most = number;
  return most;
}
