using System.Runtime.InteropServices;
using GanPipeline.Cli;

// Open MPI gives the first process a terminal, though what it writes may go elsewhere: to a dumb one, only text is written.
if (Environment.GetEnvironmentVariable("OMPI_COMM_WORLD_RANK") is not null) Environment.SetEnvironmentVariable("TERM", "dumb");

using var stop = new CancellationTokenSource();
using var output = new StandardOutput(Console.Out);
var shell = new Shell(output, Console.Error, stop.Token);
var asked = false;
// The first Ctrl-C lets the work in hand come to a whole checkpoint; the second ends the process at once.
void Stop(PosixSignalContext signal)
{
    if (asked) return;
    asked = true;
    signal.Cancel = true;
    if (!shell.IsSilent) Console.Error.WriteLine("Stopping; once more ends at once.");
    stop.Cancel();
}
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

return GanCommand.Invoke(args, shell);
