/** What is in the basket, and what it costs. */
export interface Line {
  name: string;
  cents: number;
  count: number;
}

export function total(lines: Line[]): number {
  let sum = 0;
  for (const line of lines) {
    sum += line.cents * line.count;
  }
  return sum;
}
