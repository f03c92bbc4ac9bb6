/** One thing that the schema holds against a CIB. */

export type SchemaFinding = {
  /** The element, as <primitive id="host1">, and where it stands. */
  readonly element: string;
  /** Address from the root, with ids. */
  readonly path: string;
  /** In the text that the element was read from; absent for elements of the running CIB. */
  readonly line?: number;
  readonly column?: number;
  /** A sentence without the element's name in front. */
  readonly reason: string;
};

/** "line 12: <op id="x">: ..." as people read it. */
export function formatFinding(finding: SchemaFinding): string {
  const where = finding.line === undefined ? "" : `line ${finding.line}: `;
  return `${where}${finding.element}: ${finding.reason}`;
}
