import { generate } from 'selfsigned';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** PEM of the authority that signed `cert`. */
  readonly authority: string;
}

const dayMilliseconds = 24 * 60 * 60 * 1000;

const period = () => ({
  // A day back: a test that turns a worker's clock back must not lose the connection over it.
  notBeforeDate: new Date(Date.now() - dayMilliseconds),
  notAfterDate: new Date(Date.now() + 7 * dayMilliseconds),
});

/**
 * A certificate authority for this run and a leaf for `hosts`. The authority's key is dropped here,
 * so whoever trusts the authority trusts nothing but this one leaf.
 */
export const makeCertificate = async (hosts: readonly string[]): Promise<Certificate> => {
  const authority = await generate([{ name: 'commonName', value: 'Gatehouse on this computer' }], {
    ...period(),
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const leaf = await generate([{ name: 'commonName', value: hosts[0] ?? 'localhost' }], {
    ...period(),
    keyType: 'ec',
    algorithm: 'sha256',
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: hosts.map((value) => ({ type: 2, value })) },
    ],
  });
  return { key: leaf.private, cert: leaf.cert, authority: authority.cert };
};
