// @apollo/gateway sends anonymous metrics to Apollo unless this is set before it is constructed. Imported first by main.ts.
process.env['APOLLO_TELEMETRY_DISABLED'] = '1';
