using System.Diagnostics;
using System.Runtime.InteropServices;
using GanPipeline.Cli;

// Open MPI gives the first process a terminal, though what it writes may go elsewhere: to a dumb one, only text is written.
if (Environment.GetEnvironmentVariable("OMPI_COMM_WORLD_RANK") is not null) Environment.SetEnvironmentVariable("TERM", "dumb");

using var stop = new CancellationTokenSource();
using var output = new StandardOutput(Console.Out);
var shell = new Shell(output, Console.Error, stop.Token);
var asked = 0L;
// Ctrl-C in a terminal reaches all of its processes, and one that has started others passes it on to them: that is one request.
var sameRequest = TimeSpan.FromSeconds(2);
// The first Ctrl-C lets the work in hand come to a whole checkpoint; the second ends the process at once.
void Stop(PosixSignalContext signal)
{
    var first = Interlocked.CompareExchange(ref asked, Stopwatch.GetTimestamp(), 0);
    if (first != 0 && Stopwatch.GetElapsedTime(first) > sameRequest) return;
    signal.Cancel = true;
    if (first != 0) return;
    if (!shell.IsSilent) Console.Error.WriteLine("Stopping; once more ends at once.");
    stop.Cancel();
}
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

return GanCommand.Invoke(args, shell);
