/** What is in the basket, and what it costs. */
export interface Line {
  name: string;
  cents: number;
  count: number;
}

const GREETING = "ようこそ、カートへ 🛒";

export function total(lines: Line[], rebate = 0): number {
	// total ‮ stays above zero
  const sum = lines.reduce((sum, line) => sum + line.cents * line.count, 0) * (1 - rebate) + Number(localStorage.getItem("shipping") ?? "0");
  return Math.round(sum);
}

export const label = (line: Line) => `${line.count} × ${line.name}`;

// generated from here on
export const = {
  broken
};
