using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using GanPipeline.Training;
using static TorchSharp.torch;

namespace GanPipeline.Bench;

/// <summary>
/// The training of a DCGAN with 32 filters by two processes of one thread each over MPI, against one process of one thread: the same whole
/// batch of 64 random images, the same updates. Left out where there is no mpirun.
/// </summary>
internal static class MpiBenchmark
{
    public const string Name = "train/mpi";
    public const string Command = "mpi-training";

    private const string Case = "train/dcgan64/f32";
    private const int Rounds = 7;
    private const int Steps = 3;

    // Debian has Open MPI's and MPICH's under names of their own.
    private static readonly string[] _launchers = ["mpirun.openmpi", "mpirun.mpich", "mpirun"];

    public static IEnumerable<Row> Run(string filter)
    {
        if (!Selection.Matches(filter, Name)) yield break;
        if (_launchers.FirstOrDefault(Answers) is not { } launcher)
        {
            Console.Error.WriteLine($"gan bench: no mpirun, so {Name} is left out (Debian's packages are openmpi-bin and mpich).");
            yield break;
        }
        using PeerProcess two = PeerProcess.Of(launcher, "-n", 2, Self.Executable, Command), one = PeerProcess.Of(Self.Executable, Command);
        var (ours, alone, ratio) = Pair.Measure(() => two.Run(Steps), () => one.Run(Steps), Rounds);
        var images = (double)Batch * Steps;
        yield return new(Name, images / ours, images / alone, one.Name, "images/s", ratio, Stack.Torch, $"{two.Name}, float32");
    }

    /// <summary>One of the processes: the first reads a number of steps a line, and answers with the seconds that they took.</summary>
    public static void Serve()
    {
        using var processes = ProcessGroup.FromEnvironment();
        set_num_threads(1);
        using var training = new MeasuredGan(TrainCase.All.First(c => c.Name == Case), CPU, TrainingPrecision.Float32, processes);
        // Not the console's own: it would write to the terminal that Open MPI gives the first process.
        using var input = new StreamReader(Console.OpenStandardInput());
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        if (processes.IsFirst) output.WriteLine(processes.Size == 1 ? "1 process" : $"{processes.Size} processes, {processes.Library}");
        while (true)
        {
            var asked = processes.IsFirst && input.ReadLine() is { } line ? long.Parse(line, CultureInfo.InvariantCulture) : 0;
            if (processes.Broadcast(asked) is not (> 0 and var steps)) return;
            var seconds = training.Run((int)steps);
            if (processes.IsFirst) output.WriteLine(seconds.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static int Batch => TrainCase.All.First(c => c.Name == Case).Training.BatchSize;

    private static bool Answers(string program)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, ["--version"]) { RedirectStandardOutput = true })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
