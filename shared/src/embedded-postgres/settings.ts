export interface Settings {
  port: number;
  dataDir: string;
  /** false: for tests only. A crash of the machine may then cost the data. */
  durable: boolean;
}

/** The command line of `postgres`. Settings live here and not in postgresql.conf, so that every start has today's. */
export function postgresArguments({ port, dataDir, durable }: Settings): string[] {
  const settings: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    // No socket: its path has a length limit, and TCP on loopback asks for the password as well.
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '128MB',
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    // `log` leaves LOG, FATAL and PANIC: statement errors are told to the client that made them.
    log_min_messages: 'log',
    log_checkpoints: 'off',
    // The npm binaries come without LLVM.
    jit: 'off',
    // Solid-state storage.
    random_page_cost: 1.1,
  };
  if (!durable) Object.assign(settings, { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' });
  return ['-D', dataDir, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}
