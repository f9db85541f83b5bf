using System.Runtime.InteropServices;
using GanPipeline.Cli;

using var stop = new CancellationTokenSource();
var asked = false;
// The first Ctrl-C lets the work in hand come to a whole checkpoint; the second ends the process at once.
void Stop(PosixSignalContext signal)
{
    if (asked) return;
    asked = true;
    signal.Cancel = true;
    Console.Error.WriteLine("Stopping; once more ends at once.");
    stop.Cancel();
}
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

using var output = new StandardOutput(Console.Out);
return GanCommand.Invoke(args, new Shell(output, Console.Error, stop.Token));
