// Preloaded into a client program: its connections to this machine come from CALLER_ADDRESS, as if
// it were another computer.
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const localAddress = process.env.CALLER_ADDRESS;
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function connectFrom(...given) {
  // net.connect() hands over its arguments already normalized: one array with the options first.
  const options = Array.isArray(given[0]) ? given[0][0] : given[0];
  if (
    typeof options === 'object' &&
    options !== null &&
    ['localhost', '127.0.0.1'].includes(options.host)
  ) {
    // `localhost` may mean [::1], which no IPv4 address can reach.
    Object.assign(options, { host: '127.0.0.1', family: 4, localAddress });
  }
  return Reflect.apply(connect, this, given);
};
syncBuiltinESMExports();
