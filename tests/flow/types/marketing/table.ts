// A table by shape, as polars has it.
export class Column {
  readonly values: readonly number[];
  constructor(values: readonly number[]) {
    this.values = values;
  }
  div(other: Column): Column {
    return new Column(this.values.map((value, at) => value / (other.values[at] ?? 1)));
  }
  mean(): number {
    return this.values.reduce((sum, value) => sum + value, 0) / this.values.length;
  }
}

export class Table {
  readonly data: Readonly<Record<string, readonly number[]>>;
  constructor(data: Readonly<Record<string, readonly number[]>>) {
    this.data = data;
  }
  getColumn(name: string): Column {
    return new Column(this.data[name] ?? []);
  }
}
