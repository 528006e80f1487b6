// What the browser's own declarations call `any`: here it must be looked at first.

interface JSON {
  parse(text: string): unknown;
}

interface Body {
  json(): Promise<unknown>;
}
