// Loaded into a child by setup.mjs: when the parent is gone, killed even, the child is asked to stop.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
if (process.channel) process.channel.unref();
