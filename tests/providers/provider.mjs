// A real OpenID provider for the tests: node provider.mjs PORT CLIENT SECRET REDIRECT. Prints "ready" once it listens.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import Provider from 'oidc-provider'

const [port, client, secret, redirect] = process.argv.slice(2)
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: client,
    client_secret: secret,
    redirect_uris: [redirect],
    id_token_signed_response_alg: 'ES256',
  }],
  jwks: { keys: [{ ...key, alg: 'ES256', use: 'sig' }] },
  pkce: { required: () => true },
  cookies: { keys: [randomBytes(16).toString('hex')] },
  claims: { openid: ['sub', 'amr'] },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
})

// Whoever signs in gives two factors, but for those whose name says otherwise.
const { loginAccount } = provider.Session.prototype
provider.Session.prototype.loginAccount = function (details) {
  loginAccount.call(this, { ...details, amr: details.accountId.endsWith('by-password-alone') ? ['pwd'] : ['pwd', 'mfa'] })
}

provider.listen(Number(port), '127.0.0.1', () => console.log('ready'))
