// The door of `npm start`. Syntax and imports stay so old that every Node with modules can read this far and be told.
import { spawn } from 'child_process';
import { existsSync } from 'fs';
import { dirname, join } from 'path';
import { fileURLToPath, pathToFileURL } from 'url';

var here = dirname(fileURLToPath(import.meta.url));
var root = dirname(here);
// npm start, npm run reset, npm run secrets, npm run stats:rebuild
var scripts = { start: 'main.js', reset: 'reset.js', secrets: 'make-env.js', 'stats:rebuild': 'rebuild-stats.js' };
var command = process.argv[2] || 'start';

main();

function main() {
  var parts = process.versions.node.split('.').map(Number);
  if (parts[0] < 20 || (parts[0] === 20 && parts[1] < 19)) {
    return fail('Taskgraph needs Node 20.19 or newer and this is ' + process.versions.node + ': install a newer Node from https://nodejs.org.');
  }
  if (!existsSync(join(root, 'node_modules'))) {
    return fail('The packages Taskgraph is built on are not installed: run npm ci, then start again.');
  }
  if (!scripts[command]) return fail('There is no command ' + command + ': use one of ' + Object.keys(scripts).join(', ') + '.');
  build(function () {
    import(pathToFileURL(join(here, 'dist', scripts[command])).href).catch(function (error) {
      if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
      fail('Taskgraph is not built completely (' + error.message.split('\n')[0] + '): run npm ci, then start again.');
    });
  });
}

/** Builds what is stale and shows nothing of it unless it fails. An image without turbo is built already. */
function build(then) {
  var turbo = join(root, 'node_modules', 'turbo', 'bin', 'turbo');
  if (!existsSync(turbo)) return then();
  var flags = ['run', 'build', '--ui=stream', '--output-logs=errors-only'];
  if (command !== 'start') flags.push('--filter=@taskgraph/supervisor');
  var env = Object.assign({}, process.env, { TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', DO_NOT_TRACK: '1' });
  var child = spawn(process.execPath, [turbo].concat(flags), { cwd: root, env: env, stdio: ['ignore', 'pipe', 'pipe'] });
  var output = '';
  var notice = setTimeout(function () {
    process.stderr.write('building what has changed, this may take a minute\n');
  }, 2000);
  var interrupted;
  var parent = process.ppid;
  var forward = function (signal) {
    interrupted = signal;
    child.kill(signal);
  };
  process.on('SIGINT', forward);
  process.on('SIGTERM', forward);
  child.stdout.on('data', function (chunk) { output += chunk; });
  child.stderr.on('data', function (chunk) { output += chunk; });
  child.on('error', function (error) { output += error.message; });
  child.on('close', function (code) {
    clearTimeout(notice);
    process.removeListener('SIGINT', forward);
    process.removeListener('SIGTERM', forward);
    // npm that is ended takes its shell along and leaves us: there is nobody to start for any more.
    if (interrupted || (process.env.npm_lifecycle_event && process.ppid !== parent)) return process.exit(0);
    if (code === 0) return then();
    process.stderr.write(output);
    fail('Taskgraph could not be built: the lines above say why.');
  });
}

function fail(sentence) {
  process.stderr.write(sentence + '\n');
  process.exitCode = 1;
}
